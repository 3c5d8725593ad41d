"""The live parts of a page: a panel over a lab, and predictions."""

from factorlab.panels.panel import Panel
from factorlab.panels.predict import Prediction

__all__ = ["Panel", "Prediction"]
