"""What every page has in common: page config, the list of pages, and the head."""

from pathlib import Path

import streamlit as st

from pages.components.head.head import head
from pages.guard import tell_the_refused
from pages.parts.moved import tell_the_moved
from pages.parts.say import say

# a picture of our own: Streamlit would fetch an emoji's or a symbol's from the internet
ICON = Path(__file__).parent / "static" / "icon.png"

st.set_page_config(page_title=say("head.name"), page_icon=str(ICON), layout="wide")
shown = [
    st.Page("faces/page.py", title=say("head.faces"), icon=":material/face:", url_path="faces", default=True),
    st.Page("photo/page.py", title=say("head.photo"), icon=":material/add_a_photo:", url_path="photo"),
    st.Page("digits/page.py", title=say("head.digits"), icon=":material/draw:", url_path="digits"),
    st.Page("codes/page.py", title=say("head.codes"), icon=":material/scatter_plot:", url_path="latent"),
    st.Page("lessons/page.py", title=say("head.lessons"), icon=":material/school:", url_path="lessons"),
    st.Page("models/page.py", title=say("head.models"), icon=":material/inventory_2:", url_path="models"),
]
also = st.Page("codes/page.py", title=say("head.codes"), url_path="codes", visibility="hidden")
page = st.navigation([*shown, also], position="hidden")
head(shown, page)
tell_the_moved()
tell_the_refused()
page.run()
