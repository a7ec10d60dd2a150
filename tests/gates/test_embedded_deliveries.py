"""The core as Zephyr, ESP-IDF, RT-Thread, PlatformIO and CMSIS packs take it: what each is told is
well-formed, names every source of the core and nothing else, and compiles as it is told. None of
these systems is here: CMake and Python run their build files with functions that note what they get."""

import json
import pathlib
import re
import subprocess
import types
import xml.etree.ElementTree as xml
import zipfile

import kconfiglib
import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[2]
CORE = {str(path) for path in ROOT.glob("core/**/*.c")}
ARM = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-Wall", "-Wextra", "-Werror"]

# One of every kind: what a firmware calls, tables that families are left out of, and limits.
SOME = [
    *("core/modem/modem.c", "core/dialect/imqtt/imqtt_dialect.c", "core/mqtt/client.c"),
    *("core/pump/pump.c", "core/aliyun/json.c"),
]
JSMN = ["-idirafter", "/usr/include"]  # where a family needs jsmn.h
APPLICATION = """
#include "imqtt/pump.h"
#if IMQTT_LINE_BYTES != 512
#error "not the limits of a small firmware"
#endif
static unsigned char memory[IMQTT_RAM_BYTES];
struct imqtt_modem *start(const struct imqtt_ports *ports, const struct imqtt_options *options)
{
    return imqtt_modem_init(memory, ports, options, 0);
}
"""


def compiles(folder, flags, own_flags=(), sources=SOME, application=APPLICATION):
    """Some of the core with the flags of both, and a file of the application's with flags alone."""
    (folder / "application.c").write_text(application)
    for own, paths in ((own_flags, [ROOT / path for path in sources]), ((), ["application.c"])):
        subprocess.run([*ARM, *flags, *own, "-fsyntax-only", *paths], cwd=folder, check=True)


def version():
    header = (ROOT / "include/imqtt/version.h").read_text()
    parts = [re.search(rf"IMQTT_VERSION_{part} (\d+)", header)[1] for part in ("MAJOR", "MINOR", "PATCH")]
    assert re.search(r'IMQTT_VERSION "(.*)"', header)[1] == ".".join(parts)
    return ".".join(parts)


def test_everybody_is_told_the_same_version():
    texts = {
        "CMakeLists.txt": r"project\(imqtt VERSION ([\d.]+)",
        "library.json": r'"version": "([\d.]+)"',
        "idf_component.yml": r'^version: "([\d.]+)"',
        "packaging/rt-thread/package.json": r'"version": "v([\d.]+)"',
        "packaging/rt-thread/Kconfig": r'bool "v([\d.]+)"',
        "packaging/cmsis/imqtt.imqtt.pdsc": r'<release version="([\d.]+)"',
    }
    told = {name: re.search(text, (ROOT / name).read_text(), re.MULTILINE)[1] for name, text in texts.items()}
    assert told == dict.fromkeys(texts, version())
    pack = (ROOT / "packaging/cmsis/imqtt.imqtt.pdsc").read_text()
    assert set(re.findall(r' C?version="(0[\d.]+)"', pack)) == {version()}


# ---- Kconfig -----------------------------------------------------------------------------------


def autoconf(folder, top, monkeypatch, *chosen):
    """What Kconfig makes of a top file of its own, as a header; chosen: what is switched on."""
    (folder / "Kconfig").write_text(top)
    monkeypatch.setenv("srctree", str(folder))
    kconfig = kconfiglib.Kconfig("Kconfig")
    assert kconfig.warnings == []
    for symbol in chosen:
        kconfig.syms[symbol].set_value("y")
    kconfig.write_autoconf(folder / "autoconf.h")
    return ["-include", str(folder / "autoconf.h")]


def macros(flags):
    """{name: value} of all IMQTT_ macros that limits.h has then."""
    told = subprocess.run(
        ["gcc", *flags, "-I", ROOT / "include", "-dM", "-E", "-x", "c", "-"],
        input='#include "imqtt/limits.h"\n', capture_output=True, text=True, check=True,
    ).stdout
    found = dict(re.findall(r"^#define (\w+) (.*)$", told, re.MULTILINE))

    def value(text):
        return value(found[text]) if text in found else text

    return {
        name: value(text) for name, text in found.items()
        if name.startswith("IMQTT_") and not name.startswith("IMQTT_CONFIG")
    }


KCONFIG = '-DIMQTT_CONFIG="imqtt/config/kconfig.h"'


def test_kconfig_begins_where_a_configuration_is(tmp_path, monkeypatch):
    flags = autoconf(tmp_path, f'rsource "{ROOT}/cmake/Kconfig.core"\n', monkeypatch, "IMQTT_ALIYUN")
    assert macros([KCONFIG, *flags]) == macros(['-DIMQTT_CONFIG="imqtt/config/module.h"'])


def test_kconfig_has_every_family(tmp_path, monkeypatch):
    """Each can be switched on, and is off when it was not."""
    families = re.findall(
        r"^#define IMQTT_WITH_(\w+) 1$", (ROOT / "include/imqtt/features.h").read_text(), re.MULTILINE
    )
    wanted = [f"IMQTT_{family}" for family in families]
    flags = autoconf(tmp_path, f'rsource "{ROOT}/cmake/Kconfig.core"\n', monkeypatch, *wanted)
    told = macros([KCONFIG, *flags])
    assert {told[f"IMQTT_WITH_{family}"] for family in families} == {"1"}


# ---- systems built with CMake ------------------------------------------------------------------

NOTE = """
function(note what)
  foreach(value ${ARGN})
    file(APPEND ${NOTES} "${what}\t${value}\n")
  endforeach()
endfunction()
"""

ZEPHYR = NOTE + """
macro(zephyr_library_named name)
endmacro()
function(zephyr_library_sources)
  note(source ${ARGN})
endfunction()
function(zephyr_library_include_directories)
  note(own_include ${ARGN})
endfunction()
function(zephyr_include_directories)
  note(include ${ARGN})
endfunction()
function(zephyr_compile_definitions)
  note(definition ${ARGN})
endfunction()
"""

ESP_IDF = NOTE + """
set(ESP_PLATFORM 1)
set(COMPONENT_LIB __idf_imqtt)
function(idf_component_register)
  cmake_parse_arguments(got "" "" "SRCS;INCLUDE_DIRS;PRIV_INCLUDE_DIRS" ${ARGN})
  note(source ${got_SRCS})
  note(include ${got_INCLUDE_DIRS})
  note(own_include ${got_PRIV_INCLUDE_DIRS})
endfunction()
function(target_compile_definitions library scope)
  note(definition ${ARGN})
endfunction()
function(target_compile_options library scope)
  note(option ${ARGN})
endfunction()
"""


def noted(folder, script):
    """{what: values} that a build file tells the functions of its system."""
    (folder / "run.cmake").write_text(script)
    notes = folder / "notes"
    subprocess.run(["cmake", f"-DNOTES={notes}", "-P", folder / "run.cmake"], check=True)
    told = {}
    for line in notes.read_text().splitlines():
        what, _, value = line.partition("\t")
        told.setdefault(what, []).append(value)
    return told


def flags_of(told):
    return [*(f"-D{value}" for value in told["definition"]), *(f"-I{path}" for path in told["include"])]


def test_zephyr(tmp_path, monkeypatch):
    module = yaml.safe_load((ROOT / "zephyr/module.yml").read_text())
    assert set(module) <= {"name", "build", "tests", "samples", "boards", "blobs"}
    assert set(module["build"]) <= {"cmake", "kconfig", "cmake-ext", "kconfig-ext", "depends", "settings"}
    script = ROOT / module["build"]["cmake"] / "CMakeLists.txt"
    told = noted(tmp_path, f"set(CONFIG_IMQTT y)\n{ZEPHYR}include({script})\n")
    assert set(told["source"]) == CORE
    top = f'osource "{ROOT / module["build"]["kconfig"]}"\n'
    kconfig = autoconf(tmp_path, top, monkeypatch, "IMQTT")
    compiles(tmp_path, [*kconfig, *flags_of(told)], [f"-I{path}" for path in told["own_include"]])


def test_zephyr_without_it_gets_nothing(tmp_path):
    (tmp_path / "notes").write_text("")
    assert noted(tmp_path, f"{ZEPHYR}include({ROOT}/zephyr/CMakeLists.txt)\n") == {}


def listed(patterns):
    """Files of the tree that a list of patterns has, as package managers read them."""
    return {
        str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()
    }


def test_esp_idf(tmp_path, monkeypatch):
    manifest = yaml.safe_load((ROOT / "idf_component.yml").read_text())
    assert set(manifest) <= {"version", "description", "url", "license", "dependencies", "files"}
    told = noted(tmp_path, f"{ESP_IDF}include({ROOT}/CMakeLists.txt)\n")
    assert set(told["source"]) == CORE
    delivered = listed(manifest["files"]["include"])
    assert {str(pathlib.Path(path).relative_to(ROOT)) for path in CORE} <= delivered
    assert {"cmake/esp_idf.cmake", "cmake/Kconfig.core", "include/imqtt/modem.h"} <= delivered
    autoconf(tmp_path, f'rsource "{ROOT}/Kconfig"\n', monkeypatch)
    (tmp_path / "autoconf.h").rename(tmp_path / "sdkconfig.h")
    assert told["option"] == ["SHELL:-include sdkconfig.h"]
    flags = [*flags_of(told), f"-I{tmp_path}", "-include", "sdkconfig.h"]
    compiles(tmp_path, flags, [f"-I{path}" for path in told["own_include"]])


# ---- RT-Thread, PlatformIO ---------------------------------------------------------------------


def group_of(chosen):
    """What SConscript hands to DefineGroup() when these are chosen."""
    text = (ROOT / "SConscript").read_text().replace("from building import *\n", "")
    told = {}
    names = {
        "GetCurrentDir": lambda: str(ROOT),
        "GetDepend": lambda name: name in chosen,
        "DefineGroup": lambda name, sources, depend, **more: told.update(sources=sources, depend=depend, **more),
        "Return": lambda name: None,
    }
    exec(compile(text, "SConscript", "exec"), names)
    return types.SimpleNamespace(**told)


@pytest.mark.parametrize("config", ["MQTT", "MODULE", "SMALL"])
def test_rt_thread(tmp_path, monkeypatch, config):
    index = json.loads((ROOT / "packaging/rt-thread/package.json").read_text())
    needed = {"name", "description", "enable", "category", "author", "license", "repository", "site"}
    assert needed <= set(index)
    assert all({"version", "URL", "VER_SHA"} <= set(site) for site in index["site"])
    autoconf(tmp_path, f'rsource "{ROOT}/packaging/rt-thread/Kconfig"\n', monkeypatch, index["enable"])
    chosen = re.findall(r"^#define CONFIG_(\w+) 1$", (tmp_path / "autoconf.h").read_text(), re.MULTILINE)
    assert {index["enable"], "PKG_IMQTT_CONFIG_MQTT"} <= set(chosen)
    group = group_of({f"PKG_IMQTT_CONFIG_{config}"})
    assert set(group.sources) == CORE and group.depend == [index["enable"]]
    (definition,) = group.CPPDEFINES
    assert definition == f'IMQTT_CONFIG=\\"imqtt/config/{config.lower()}.h\\"'
    flags = ["-D" + definition.replace("\\", ""), *(f"-I{path}" for path in group.CPPPATH)]
    compiles(tmp_path, flags, [*(f"-I{path}" for path in group.LOCAL_CPPPATH), *([] if config == "MQTT" else JSMN)])


def test_platformio(tmp_path):
    library = json.loads((ROOT / "library.json").read_text())
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", library["name"])
    assert {"name", "version", "description", "keywords", "license"} <= set(library)
    build = library["build"]
    assert {str(path) for path in (ROOT / build["srcDir"]).rglob("*.c")} == CORE
    for name in [*library["headers"], ""]:
        assert (ROOT / build["includeDir"] / name).exists()
    for name in library["export"]["include"]:
        assert (ROOT / name).exists()
    own = [f"-I{ROOT / flag[3:]}" if flag.startswith("-I ") else flag for flag in build["flags"]]
    chosen = ['-DIMQTT_CONFIG="imqtt/config/mqtt.h"', f"-I{ROOT / build['includeDir']}"]
    compiles(tmp_path, chosen, own)


# ---- a CMSIS pack ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """Its folder, unpacked, and its description."""
    folder = tmp_path_factory.mktemp("pack")
    made = subprocess.run([ROOT / "script/cmsis-pack", folder], check=True, capture_output=True, text=True)
    path = pathlib.Path(made.stdout.strip())
    assert path.name == f"imqtt.imqtt.{version()}.pack"
    zipfile.ZipFile(path).extractall(folder / "unpacked")
    return folder / "unpacked", xml.parse(folder / "unpacked/imqtt.imqtt.pdsc").getroot()


def test_a_cmsis_pack_describes_all_that_it_has(pack):
    folder, package = pack
    for needed in ("vendor", "name", "description", "url", "license", "releases", "components"):
        assert package.find(needed) is not None, needed
    described = {element.get("name") for element in package.iter("file")}
    for name in described:
        assert (folder / name).exists(), name
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    headers = {name for name in found if name.startswith("include/imqtt/config/")}
    assert found == {name for name in described if not name.endswith("/")} | headers | {
        package.findtext("license"), "imqtt.imqtt.pdsc",
    }


def test_a_cmsis_pack_compiles_as_it_is_described(pack, tmp_path):
    folder, package = pack
    (tmp_path / "before.h").write_text(package.findtext(".//Pre_Include_Global_h"))
    folders = {
        str((folder / element.get("name")).parent if element.get("category") == "header"
            else folder / element.get("name"))
        for element in package.iter("file") if element.get("category") in ("include", "header")
    }
    flags = ["-include", str(tmp_path / "before.h"), *(f"-I{path}" for path in sorted(folders))]
    sources = [folder / element.get("name") for element in package.iter("file") if element.get("category") == "sourceC"]
    application = APPLICATION.replace("imqtt/pump.h", "imqtt.h")
    compiles(tmp_path, flags, sources=sources, application=application)
