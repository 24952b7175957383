import pytest
from watchword import ConfigurationError

from watchword_api.chat.model_setting import ModelSetting, model_setting_from

ALL = {"CHAT_BASE_URL": "https://api.example.com/v1/", "CHAT_API_KEY": "sk-1", "CHAT_MODEL": "gpt"}


def test_there_is_none_without_any_of_its_names_a_blank_one_counting_as_absent() -> None:
    assert model_setting_from({}) is None
    assert model_setting_from({"CHAT_BASE_URL": " ", "CHAT_API_KEY": ""}) is None


def test_it_is_read_from_all_three_and_does_not_show_the_key() -> None:
    setting = model_setting_from(ALL)
    assert setting == ModelSetting("https://api.example.com/v1", "sk-1", "gpt")
    assert "sk-1" not in repr(setting)


@pytest.mark.parametrize("name", ALL)
def test_two_of_three_are_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="set all three, or none"):
        model_setting_from({**ALL, name: ""})


@pytest.mark.parametrize(
    "address", ["http://localhost:11434/v1", "http://127.0.0.1/v1", "http://[::1]:8080", "https://host"]
)
def test_usable_addresses(address: str) -> None:
    setting = model_setting_from({**ALL, "CHAT_BASE_URL": address})
    assert setting is not None
    assert setting.base_url == address


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com",
        "ftp://localhost/v1",
        "https://user:pass@api.example.com",
        "https://api.example.com/v1?key=hunter2",
        "https://api.example.com/#hunter2",
        "https:///v1",
        "https://host:99999",
        "hunter2",
    ],
)
def test_other_addresses_are_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(ConfigurationError, match="CHAT_BASE_URL is not usable: set it to an https address") as refused:
        model_setting_from({**ALL, "CHAT_BASE_URL": address})
    assert address not in str(refused.value)


@pytest.mark.parametrize("key", ["two words", "line\nfeed", "kéy"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(ConfigurationError, match="CHAT_API_KEY is not usable") as refused:
        model_setting_from({**ALL, "CHAT_API_KEY": key})
    assert key not in str(refused.value)
