"""The editors' screens of the knowledge base."""

from core.backoffice import menu
from portal.knowledge.screens.articles import ArticleViewSet
from portal.knowledge.screens.categories import CategoryViewSet
from portal.knowledge.screens.misses import MissedSearchViewSet
from portal.knowledge.screens.reports import ArticlesToCheck, HelpfulArticles

menu.add("connaissances", ArticleViewSet, order=10)
menu.add("connaissances", MissedSearchViewSet, order=20)
menu.add_report("connaissances", HelpfulArticles, order=30)
menu.add_report("connaissances", ArticlesToCheck, order=40)
menu.add("connaissances", CategoryViewSet, order=50)
