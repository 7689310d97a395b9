"""Everything that thinks: networks, data, figures, pictures. Never imports streamlit."""
