"""Alembic runs this file for every migration command; the connection comes from the store that is being opened."""

from alembic import context

from reserves_gui.history.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
