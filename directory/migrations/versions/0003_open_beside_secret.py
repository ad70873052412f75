"""a yes or no about a confidential place's neighbours, for roles that may not read where it is

Revision: 0003
Follows: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEIGHBOURS = """
CREATE FUNCTION {schema}.open_site_beside_secret(organisation uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT EXISTS (
    SELECT 1
    FROM {schema}.site AS opened
    JOIN {schema}.site AS hidden ON hidden.organisation_id = opened.organisation_id
    JOIN {schema}.site_secret AS secret ON secret.site_id = hidden.id
    WHERE opened.organisation_id = organisation
    AND opened.status = 'active' AND NOT opened.confidential
    AND hidden.status = 'active' AND hidden.confidential
    AND 2 * 6371.0088 * asin(sqrt(least(1.0,
        power(sin(radians(secret.latitude - opened.lat) / 2), 2)
        + cos(radians(opened.lat)) * cos(radians(secret.latitude))
        * power(sin(radians(secret.longitude - opened.lon) / 2), 2)
    ))) < 1.0
) $$
"""


def upgrade() -> None:
    """Make the function. It reads as its owner; who may call it is said by `flask db secure`."""
    if op.get_bind().dialect.name == "postgresql":
        schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
        op.execute(NEIGHBOURS.format(schema=schema))
        op.execute(f"REVOKE ALL ON FUNCTION {schema}.open_site_beside_secret(uuid) FROM PUBLIC")


def downgrade() -> None:
    """Drop the function."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION open_site_beside_secret(uuid)")
