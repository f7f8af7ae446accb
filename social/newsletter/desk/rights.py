"""Who may do what at the newsletter's desk. Writing issues is writing pages, another right."""

VIEW = "social.view_sending"
ADD = "social.add_sending"
CHANGE = "social.change_sending"
VIEW_SUBSCRIBERS = "social.view_subscriber"
DELETE_SUBSCRIBERS = "social.delete_subscriber"
ALL = (VIEW, ADD, CHANGE, VIEW_SUBSCRIBERS, DELETE_SUBSCRIBERS)
