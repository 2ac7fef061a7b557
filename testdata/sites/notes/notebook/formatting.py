def note(text):
    return text.strip()
