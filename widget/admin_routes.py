"""The addresses under /admin, one line each: moderators and owners. Loaded when the first of them is asked for."""

from starlette.routing import Route

from widget.limits import endpoints as limits
from widget.moderation import author_endpoints as authors
from widget.moderation import ban_endpoints as bans
from widget.moderation import dashboard_endpoints as dashboard
from widget.moderation import deciding_endpoints as deciding
from widget.moderation import endpoints as moderation
from widget.moderation import help_endpoints as help_page
from widget.moderation import log_endpoints as log
from widget.moderation import more_endpoints as more
from widget.moderation import remap_endpoints as remaps
from widget.moderation import report_endpoints as reported
from widget.moderation import rule_endpoints as rules
from widget.moderation import thread_endpoints as threads
from widget.moderation import triage_endpoints as triage
from widget.people import account_endpoints as account
from widget.people import endpoints as people
from widget.people import invite_endpoints as invites
from widget.people import team_endpoints as team
from widget.people import team_two_factor_endpoints as team_two_factor
from widget.people import two_factor_endpoints as two_factor
from widget.privacy import admin_endpoints as person
from widget.privacy import retention_endpoints as retention
from widget.sites import back_endpoints as back
from widget.sites import danger_endpoints as danger
from widget.sites import embedding_endpoints as embedding
from widget.sites import preview_endpoints as preview
from widget.sites import settings_endpoints as settings
from widget.transfer import endpoints as transfer
from widget.transfer import run_endpoints as runs

ROUTES = [
    # moderators
    Route("/admin", moderation.home),
    Route("/admin/", moderation.home),
    Route("/admin/sign-in", people.sign_in_form),
    Route("/admin/sign-in", people.sign_in, methods=["POST"]),
    Route("/admin/sign-out", back.to_queue),
    Route("/admin/sign-out", people.sign_out, methods=["POST"]),
    Route("/admin/account", account.show),
    Route("/admin/account", account.rename, methods=["POST"]),
    Route("/admin/account/password", account.password),
    Route("/admin/account/password", account.change_password, methods=["POST"]),
    Route("/admin/account/sessions", account.sessions),
    Route("/admin/account/sessions", account.end_sessions, methods=["POST"]),
    Route("/admin/account/two-factor", two_factor.show),
    Route("/admin/account/two-factor", two_factor.change, methods=["POST"]),
    Route("/admin/invite/{token}", invites.show),
    Route("/admin/invite/{token}", invites.join, methods=["POST"]),
    Route("/admin/site/{slug}/team", team.show),
    Route("/admin/site/{slug}/team", team.invite, methods=["POST"]),
    Route("/admin/site/{slug}/team/{member}", team.member),
    Route("/admin/site/{slug}/team/{member}", team.change_member, methods=["POST"]),
    Route("/admin/site/{slug}/invites/{invite}", back.to_site("team")),
    Route("/admin/site/{slug}/invites/{invite}", team.withdraw, methods=["POST"]),
    Route("/admin/site/{slug}/two-factor", team_two_factor.show),
    Route("/admin/site/{slug}/two-factor", team_two_factor.change, methods=["POST"]),
    Route("/admin/queue", moderation.queue),
    Route("/admin/queue", moderation.decide_in_queue, methods=["POST"]),
    Route("/admin/everything", deciding.confirm),
    Route("/admin/everything", deciding.decide_on_everything, methods=["POST"]),
    Route("/admin/undo", back.to_log),
    Route("/admin/undo", deciding.take_back, methods=["POST"]),
    Route("/admin/triage", triage.show),
    Route("/admin/triage", triage.decide_and_go_on, methods=["POST"]),
    Route("/admin/log", log.show),
    Route("/admin/log/{kind}", log.export),
    Route("/admin/help", help_page.show),
    Route("/admin/help", help_page.choose, methods=["POST"]),
    Route("/admin/bans", bans.show),
    Route("/admin/bans", bans.lift_one, methods=["POST"]),
    Route("/admin/bans/new", bans.form),
    Route("/admin/bans/new", bans.make, methods=["POST"]),
    Route("/admin/author/{person}", authors.show),
    Route("/admin/author/{person}", authors.change, methods=["POST"]),
    Route("/admin/comment/{comment}", moderation.comment),
    Route("/admin/comment/{comment}", moderation.decide_on_comment, methods=["POST"]),
    Route("/admin/comment/{comment}/reports", back.to_comment),
    Route("/admin/comment/{comment}/reports", reported.change_reports, methods=["POST"]),
    Route("/admin/dashboard", dashboard.dashboard),
    # sites
    Route("/admin/comment/{comment}/more", more.show),
    Route("/admin/comment/{comment}/more", more.change, methods=["POST"]),
    Route("/admin/threads", threads.every),
    Route("/admin/thread/{thread}", threads.show),
    Route("/admin/thread/{thread}", threads.change, methods=["POST"]),
    Route("/admin/thread/{thread}/merge", threads.ask_merge),
    Route("/admin/thread/{thread}/merge", threads.merge, methods=["POST"]),
    Route("/admin/sites", settings.listed),
    Route("/admin/site/{slug}", settings.home),
    Route("/admin/site/{slug}/general", settings.general),
    Route("/admin/site/{slug}/general", settings.save_general, methods=["POST"]),
    Route("/admin/site/{slug}/embedding", embedding.embedding),
    Route("/admin/site/{slug}/embedding", embedding.save_embedding, methods=["POST"]),
    Route("/admin/site/{slug}/secret", back.to_site("embedding#secrets")),
    Route("/admin/site/{slug}/secret", embedding.make_secret, methods=["POST"]),
    Route("/admin/site/{slug}/rules", rules.show),
    Route("/admin/site/{slug}/rules", rules.change, methods=["POST"]),
    Route("/admin/site/{slug}/limits", limits.show),
    Route("/admin/site/{slug}/limits", limits.save, methods=["POST"]),
    Route("/admin/site/{slug}/comments", settings.comments),
    Route("/admin/site/{slug}/comments", settings.save_comments, methods=["POST"]),
    Route("/admin/site/{slug}/announcing", settings.announcing),
    Route("/admin/site/{slug}/announcing", settings.save_announcing, methods=["POST"]),
    Route("/admin/site/{slug}/remap", remaps.show),
    Route("/admin/site/{slug}/remap", remaps.change, methods=["POST"]),
    Route("/admin/site/{slug}/fields", settings.fields),
    Route("/admin/site/{slug}/fields", settings.save_fields, methods=["POST"]),
    Route("/admin/site/{slug}/appearance", settings.appearance),
    Route("/admin/site/{slug}/appearance", settings.save_appearance, methods=["POST"]),
    Route("/admin/site/{slug}/preview", preview.preview),
    Route("/admin/site/{slug}/privacy", retention.show),
    Route("/admin/site/{slug}/person", person.show),
    Route("/admin/site/{slug}/person", person.change, methods=["POST"]),
    Route("/admin/site/{slug}/transfer", transfer.show),
    Route("/admin/site/{slug}/transfer", transfer.upload, methods=["POST"]),
    Route("/admin/site/{slug}/transfer/{run}", runs.show),
    Route("/admin/site/{slug}/transfer/{run}", runs.change, methods=["POST"]),
    Route("/admin/site/{slug}/transfer/{run}/undo", runs.confirm_undo),
    Route("/admin/site/{slug}/transfer/{run}/undo", runs.undo, methods=["POST"]),
    Route("/admin/site/{slug}/export", back.to_site("transfer")),
    Route("/admin/site/{slug}/export", transfer.ask_export, methods=["POST"]),
    Route("/admin/site/{slug}/export/{kind}", transfer.export),
    Route("/admin/site/{slug}/danger", danger.danger),
    Route("/admin/site/{slug}/danger", danger.delete, methods=["POST"]),
]
