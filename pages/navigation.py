"""What every page has in common: page config and the list of pages."""

from pathlib import Path

import streamlit as st

# a picture of our own: Streamlit would fetch an emoji's or a symbol's from the internet
ICON = Path(__file__).parent / "static" / "icon.png"

st.set_page_config(page_title="Autoencoder by hand", page_icon=str(ICON), layout="wide")
pages = [
    st.Page("faces.py", title="Faces", icon=":material/face:", default=True),
    st.Page("photo.py", title="Your photo", icon=":material/add_a_photo:"),
    st.Page("digits.py", title="Digits", icon=":material/draw:"),
    st.Page("latent.py", title="Codes", icon=":material/scatter_plot:"),
    st.Page("lessons.py", title="Lessons", icon=":material/school:"),
    st.Page("models.py", title="Models", icon=":material/inventory_2:"),
]
st.navigation(pages, position="top").run()
