# The app in one container, which needs to write nowhere but to /tmp:
#   docker build -t autoencoder-by-hand . && docker run --rm --read-only --tmpfs /tmp -p 8501:8501 autoencoder-by-hand
# On x86 pip takes PyTorch's CUDA build by default, which is some gigabytes for nothing. PyTorch's own page on how to
# install it names the index of its CPU builds: docker build --build-arg TORCH_INDEX=<that index> ...
# Several replicas behind one address: deploy/compose.yaml.
# As a Hugging Face Space: `sdk: docker` and `app_port: 8501` in the Space's README. A Space shows the app in a
# frame, which the settings FRAME_ANCESTORS=https://huggingface.co and, for uploads,
# STREAMLIT_SERVER_XSRF_COOKIE_SAME_SITE=none (https only) allow.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    MALLOC_ARENA_MAX=2

# MALLOC_ARENA_MAX is the Makefile's.
# A Space runs its container as user 1000.
RUN useradd --create-home --uid 1000 visitor
WORKDIR /home/visitor/app

# Packages first: they stay cached while only the code changes.
COPY requirements.txt requirements.lock ./
ARG TORCH_INDEX=
RUN pip install --no-compile ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "$(grep -o '^torch==[^ ]*' requirements.txt)" \
    && pip install --no-compile --no-deps --require-hashes -r requirements.lock \
    && cd "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" && rm -r torch/test torch/include

COPY . .
USER visitor

EXPOSE 8501
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://localhost:8501/_stcore/health', timeout=4)"]
CMD ["python", "-m", "streamlit", "run", "app.py", "--server.port=8501", "--server.address=0.0.0.0"]
