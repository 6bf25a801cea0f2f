"""Copy the front-end files that `npm ci` fetched to static/vendor/, from where they are served."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# from node_modules/ -> to static/vendor/
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "chart.js/dist/chart.umd.min.js": "chart.umd.min.js",
    "chart.js/LICENSE.md": "chart.LICENSE.md",
    "sortablejs/Sortable.min.js": "sortable.min.js",
}
# A source map names a file that we do not serve: the manifest storage would refuse to start.
MAP_MARKS = ("//# sourceMappingURL=", "/*# sourceMappingURL=")


class Command(BaseCommand):
    help = "Copies the front-end files from node_modules/ to static/vendor/ (run `npm ci` first)."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options) -> None:
        source = Path(settings.BASE_DIR) / "node_modules"
        target = Path(settings.BASE_DIR) / "static" / "vendor"
        if not source.is_dir():
            raise CommandError(
                "node_modules/ is missing: run `npm ci --ignore-scripts` beside package.json first "
                "(bin/run does this for you)."
            )
        if missing := [name for name in FILES if not (source / name).is_file()]:
            raise CommandError(
                f"node_modules/ lacks {', '.join(missing)}: run `npm ci --ignore-scripts` again, "
                "or mend FILES if a package moved its files."
            )
        target.mkdir(parents=True, exist_ok=True)
        for name, as_name in FILES.items():
            if name.endswith((".css", ".js")):
                text = (source / name).read_text(encoding="utf-8")
                lines = [line for line in text.splitlines() if not line.startswith(MAP_MARKS)]
                (target / as_name).write_text("\n".join(lines) + "\n", encoding="utf-8")
            else:
                shutil.copyfile(source / name, target / as_name)
        self.stdout.write(f"{len(FILES)} front-end files copied to {target.relative_to(settings.BASE_DIR)}/")
