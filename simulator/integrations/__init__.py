"""The integration runs between CRM, PSA and ERP, as integration engineers write them: one module per subject.

A run asks systems through ports, keeps the crosswalk between their ids, and tells what happened with the telemetry
kit. It does not know whether a port is a direct call or HTTP; everything it tells comes from what the systems answered.
"""
