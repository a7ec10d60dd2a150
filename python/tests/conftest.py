pytest_plugins = ["pytester", "pytest_imqtt.plugin"]
