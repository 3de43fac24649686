"""Finds and compares faces on this machine with OpenCV's YuNet (detection) and SFace (comparison).

    image = engine.read(data)                     bytes of a JPEG or PNG → pixels, upright; raises UnreadableImage
    found = engine.detect(image)                  largest first
    engine.similarity(engine.embed(image, found[0]), other)

Nothing is loaded before the first call. Calls from several threads take turns.
"""
