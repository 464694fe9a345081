"""Class mode: hide the code and enlarge the rest, for a projector."""

from __future__ import annotations

_STYLE = """
<style>
.jp-Notebook:has(.hrd-show-code:not(:checked)) .jp-CodeCell > .jp-Cell-inputWrapper
  { display: none; }
.jp-Notebook:has(.hrd-show-code) :is(.jp-OutputPrompt, .jp-OutputArea-promptOverlay)
  { display: none; }
.jp-Notebook:has(.hrd-show-code) {
  --jp-content-font-size1: 22px; --jp-code-font-size: 20px; --jp-ui-font-size1: 17px;
  --jp-widgets-font-size: 19px; --jp-widgets-inline-height: 38px;
}
.jp-Notebook:has(.hrd-show-code) .jp-RenderedHTMLCommon { font-size: 22px; line-height: 1.5; }
.jp-Notebook:has(.hrd-show-code) .jp-RenderedHTMLCommon table { font-size: 18px; }
.jp-Notebook:has(.hrd-show-code) :is(.hrd-sentence, .hrd-error, .hrd-exercise) { font-size: 20px; }
</style>
<label><input type="checkbox" class="hrd-show-code"> show the code (class mode)</label>
"""


_TOP = """
<script>
setTimeout(() => {
  const open = ".jp-NotebookPanel:not(.lm-mod-hidden) ";
  const page = document.querySelector(open + ".jp-WindowedPanel-outer")
    || document.querySelector(open + ".jp-Notebook");
  if (page) page.scrollTop = 0;
}, 400);
</script>
"""


class Presentation:
    """The switch, as an output: class mode holds as long as it stands in the notebook."""

    def __init__(self, top: bool = False) -> None:
        self._top = top

    def __repr__(self) -> str:
        return (
            "" if self._top else "Class mode: code hidden, large type. Clear this output to end it."
        )

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": _TOP if self._top else _STYLE}


def present(top: bool = False) -> Presentation:
    """Hide the code and enlarge text and controls in JupyterLab; a box brings the code back.

    Parameters
    ----------
    top : bool
        Only go to the top of the page, as a class does when everything has run.
    """
    return Presentation(top)
