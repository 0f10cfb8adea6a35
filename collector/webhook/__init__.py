"""Messages of vendors on their way in: `intake` keeps them as they are, the door checks who sent them.

A message is a record of the journal `events` whose `source` is the name of a folder and whose door says how it came:
`webhook`, `pull` or `file`. The loader maps it by that folder's `source.yaml`; nobody else looks into it.
"""
