from administration.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import enterprises (csv or xlsx)."
    kind = "enterprises"
