"""What every page has in common: page config, the list of pages, the visitor's notice."""

import streamlit as st

st.set_page_config(page_title="Autoencoder by hand", page_icon=":material/visibility_off:", layout="wide")
pages = [
    st.Page("faces.py", title="Faces", icon=":material/face:", default=True),
    st.Page("digits.py", title="Digits", icon=":material/draw:"),
    st.Page("models.py", title="Models", icon=":material/inventory_2:"),
]
st.navigation(pages, position="top").run()
