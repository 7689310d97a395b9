"""A picture and its mask in, a restored picture out, whichever method; what pages make of the answers."""
