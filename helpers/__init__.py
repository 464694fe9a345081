"""Analysis code behind the notebooks. Imports run one way: data, stats, charts, panels."""
