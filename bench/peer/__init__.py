"""The peer: a shop of django-oscar, as its documentation builds one, measured like ours."""
