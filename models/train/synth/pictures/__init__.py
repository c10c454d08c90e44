# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures cut out of documents: one sample of an evenly chosen class."""
import numpy as np

from .. import degrade
from . import charts, codes, diagrams, formulas, maps, marks, others, photos, screens
from ..sample import PICTURE_CLASSES, Sample

MAKERS = {
    "photograph": photos.photograph, "logo": marks.logo, "bar_chart": charts.bar_chart, "line_chart": charts.line_chart,
    "pie_chart": charts.pie_chart, "scatter_chart": charts.scatter_chart, "diagram": diagrams.diagram, "map": maps.map_,
    "screenshot": screens.screenshot, "signature": marks.signature, "stamp": marks.stamp, "barcode": codes.barcode,
    "table_image": screens.table_image, "formula": formulas.formula, "other": others.other,
}


def make(rng, label=None) -> Sample:
    """A picture of the class `label`, or of one chosen evenly."""
    if label is None:
        label = PICTURE_CLASSES[int(rng.integers(len(PICTURE_CLASSES)))]
    sample = MAKERS[label](rng)
    if label in ("photograph", "screenshot"):
        if rng.random() < .4:
            sample.image = (degrade.screen if rng.random() < .6 else degrade.camera)(rng, sample.image)
            sample.image = degrade.halftone(rng, sample.image) if rng.random() < .05 else sample.image
    else:
        # where words have places, pixels keep theirs: such pictures come from pages that were set upright
        worn = degrade.degrade(rng, sample.image, clean=.45, geometry=not sample.segments)
        if worn[::3, ::3].std() > .25 * sample.image[::3, ::3].std():   # else a threshold took everything away
            sample.image = worn
    sample.image = np.ascontiguousarray(sample.image, dtype=np.uint8)
    return sample
