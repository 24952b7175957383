import { describe, expect, it } from "vitest";
import { ConfigurationError } from "watchword";
import { modelSettingFrom } from "../../src/chat/model-setting.ts";

const all = { CHAT_BASE_URL: "https://api.example.com/v1/", CHAT_API_KEY: "sk-1", CHAT_MODEL: "gpt" };

describe("the setting of the language model", () => {
  it("is none without any of its three names, a blank one counting as absent", () => {
    expect(modelSettingFrom({})).toBeNull();
    expect(modelSettingFrom({ CHAT_BASE_URL: " ", CHAT_API_KEY: "", CHAT_MODEL: undefined })).toBeNull();
  });

  it("is read from all three", () => {
    expect(modelSettingFrom(all)).toEqual({
      baseUrl: "https://api.example.com/v1",
      key: "sk-1",
      model: "gpt",
    });
  });

  it.each([["CHAT_BASE_URL"], ["CHAT_API_KEY"], ["CHAT_MODEL"]])("is refused without %s", (name) => {
    expect(() => modelSettingFrom({ ...all, [name]: "" })).toThrow(ConfigurationError);
    expect(() => modelSettingFrom({ ...all, [name]: "" })).toThrow(/set all three, or none/);
  });

  it.each(["http://localhost:11434/v1", "http://127.0.0.1/v1", "http://[::1]:8080", "https://host"])(
    "takes the address %s",
    (address) => {
      expect(modelSettingFrom({ ...all, CHAT_BASE_URL: address })?.baseUrl).toBe(address);
    },
  );

  it.each([
    "http://api.example.com/v1",
    "http://127.0.0.1.example.com/v1",
    "http://localhost.example.com",
    "ftp://localhost/v1",
    "https://user:pass@api.example.com",
    "https://api.example.com/v1?key=hunter2",
    "https://api.example.com/#hunter2",
    "https:///v1",
    "hunter2",
  ])("refuses the address %s without quoting it", (address) => {
    const read = () => modelSettingFrom({ ...all, CHAT_BASE_URL: address });
    expect(read).toThrow(/^CHAT_BASE_URL is not usable: set it to an https address/);
    expect(read).not.toThrow(address);
  });

  it.each(["two words", "line\nfeed", "kéy"])("refuses a key that no header can carry: %j", (key) => {
    const read = () => modelSettingFrom({ ...all, CHAT_API_KEY: key });
    expect(read).toThrow(/^CHAT_API_KEY is not usable/);
    expect(read).not.toThrow(key);
  });
});
