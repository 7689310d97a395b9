"""What every page has in common: page config and the list of pages."""

from pathlib import Path

import streamlit as st

# a picture of our own: Streamlit would fetch an emoji's or a symbol's from the internet
ICON = Path(__file__).parent / "static" / "icon.png"

st.set_page_config(page_title="Autoencoder by hand", page_icon=str(ICON), layout="wide")
pages = [
    st.Page("faces/page.py", title="Faces", icon=":material/face:", url_path="faces", default=True),
    st.Page("photo/page.py", title="Your photo", icon=":material/add_a_photo:", url_path="photo"),
    st.Page("digits/page.py", title="Digits", icon=":material/draw:", url_path="digits"),
    st.Page("codes/page.py", title="Codes", icon=":material/scatter_plot:", url_path="latent"),
    st.Page("codes/page.py", title="Codes", url_path="codes", visibility="hidden"),
    st.Page("lessons/page.py", title="Lessons", icon=":material/school:", url_path="lessons"),
    st.Page("models/page.py", title="Models", icon=":material/inventory_2:", url_path="models"),
]
st.navigation(pages, position="top").run()
