using System.Globalization;
using System.Security;
using System.Text.Json;

namespace Lanyard.Models;

/// <summary>
/// Reads the keys of one object of a <c>config.json</c> and collects what is wrong instead of stopping at the first problem.
/// A key that is null counts as absent. After a problem the value returned is a placeholder.
/// </summary>
public sealed class ConfigReader
{
    // A hundred times what published ones have.
    private const int MaxLength = 10_000_000;

    /// <summary>Far more layers than anyone has, and few enough for a list of them.</summary>
    internal const int MaxLayers = 10_000;

    private readonly JsonElement _json;
    private readonly string _prefix;
    private readonly List<string> _problems;
    private readonly HashSet<string> _failed = [];

    /// <summary>Reads an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="prefix">What stands before its keys in messages: empty, or <c>text_config.</c></param>
    /// <param name="problems">Where problems are collected.</param>
    private ConfigReader(JsonElement json, string prefix, List<string> problems) => (_json, _prefix, _problems) = (json, prefix, problems);

    private delegate bool Parser<T>(JsonElement value, out T parsed);

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or is longer than any configuration.</exception>
    internal static string ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);

            // Without its length: a device has none, and no end.
            var bytes = GC.AllocateUninitializedArray<byte>(MaxLength + 1);
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > MaxLength) throw new ConfigException(path, [$"it has more than the {MaxLength} bytes allowed"]);
            using var reader = new StreamReader(new MemoryStream(bytes, 0, count));
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException)
        {
            throw new ConfigException(path, [$"it cannot be read: {Plain(exception.Message)}"], exception);
        }
    }

    /// <summary>Reads a configuration from the object that a text holds.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="read">Reads it, or returns null after a problem.</param>
    /// <exception cref="ConfigException">The configuration cannot be used; everything that is missing or wrong is listed.</exception>
    public static T Read<T>(string json, string source, Func<ConfigReader, T?> read)
        where T : class
    {
        var problems = new List<string>();
        T? config = null;
        try
        {
            using var document = Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object) config = read(new ConfigReader(document.RootElement, "", problems));
            else problems.Add("it is not a JSON object");
        }
        catch (JsonException exception)
        {
            problems.Add($"it is not JSON: {Plain(exception.Message)}");
        }
        return config is not null && problems.Count == 0 ? config : throw new ConfigException(source, problems);
    }

    /// <summary>Text for a message, on one line and without control characters.</summary>
    internal static string Plain(string text) => string.Concat(text.Select(c =>
        c is '\r' or '\n' or '\t' ? " "
        : char.IsControl(c) || char.IsSurrogate(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
        : c.ToString()));

    /// <summary>Whether there is a problem with any key of this object.</summary>
    internal bool AnyFailed => _failed.Count > 0;

    /// <summary>Whether there is a problem with this key.</summary>
    public bool Failed(string key) => _failed.Contains(key);

    /// <summary>Whether the key is there and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>Whether the key is there and null.</summary>
    public bool IsNull(string key) => _json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Null;

    /// <summary>Adds a problem that concerns a key; only the first one of each key counts.</summary>
    public void Fail(string key, string problem)
    {
        if (_failed.Add(key)) _problems.Add(Plain($"{_prefix}{key} {problem}"));
    }

    /// <summary>Adds what is wrong with the values together, but for what concerns a key that has a problem already.</summary>
    internal void FailAny(IEnumerable<(string[] Keys, string Problem)> constraints)
    {
        foreach (var (keys, problem) in constraints)
        {
            if (!keys.Any(Failed)) Fail(keys[0], problem);
        }
    }

    /// <summary>A whole number that must be there.</summary>
    public int RequiredInt(string key)
    {
        if (Has(key)) return Int(key, 1);
        Fail(key, "is missing");
        return 1;
    }

    /// <summary>A number that must be there.</summary>
    public double RequiredNumber(string key)
    {
        if (Has(key)) return Number(key, 1);
        Fail(key, "is missing");
        return 1;
    }

    /// <summary>A whole number.</summary>
    public int Int(string key, int absent) => Read(key, absent, "a whole number", (JsonElement value, out int parsed) =>
    {
        parsed = 0;
        if (value.ValueKind != JsonValueKind.Number) return false;
        if (value.TryGetInt32(out parsed)) return true;
        // 8192.0 is one, too: so Python writes what it divided.
        if (!value.TryGetDouble(out var number) || number != Math.Floor(number) || Math.Abs(number) > int.MaxValue) return false;
        parsed = (int)number;
        return true;
    });

    /// <summary>A number.</summary>
    public double Number(string key, double absent) => Read(key, absent, "a number", (JsonElement value, out double parsed) =>
    {
        parsed = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out parsed) && double.IsFinite(parsed);
    });

    /// <summary>A truth value; a number stands for whether it is not zero.</summary>
    public bool Flag(string key, bool absent) => Read<bool>(key, absent, "true or false", TryFlag);

    /// <summary>A text.</summary>
    public string Text(string key, string absent) => Read<string>(key, absent, "a text", TryText);

    /// <summary>A list of whole numbers, or null where the key is absent.</summary>
    public int[]? Ints(string key) => List(key, "a list of whole numbers", (JsonElement value, out int parsed) =>
    {
        parsed = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out parsed);
    });

    /// <summary>A list of numbers, or null where the key is absent.</summary>
    public double[]? Numbers(string key) => List(key, "a list of numbers", (JsonElement value, out double parsed) =>
    {
        parsed = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out parsed) && double.IsFinite(parsed);
    });

    /// <summary>A list of numbers, some of which may be infinite, or null where the key is absent.</summary>
    internal double[]? Limits(string key) => List(key, "a list of numbers", (JsonElement value, out double parsed) =>
    {
        // So transformers writes what JSON has no number for.
        var word = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("__float__", out var tag) && tag.ValueKind == JsonValueKind.String ? tag.GetString() : null;
        parsed = word switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => 0 };
        return parsed != 0 || (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out parsed));
    });

    /// <summary>A list of truth values, or null where the key is absent.</summary>
    public bool[]? Flags(string key) => List<bool>(key, "a list of 0 and 1", TryFlag);

    /// <summary>A list of texts, or null where the key is absent.</summary>
    public string[]? Texts(string key) => List<string>(key, "a list of texts", TryText);

    /// <summary>A reader of the object under a key, or null where the key is absent.</summary>
    public ConfigReader? Object(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new ConfigReader(value, $"{_prefix}{key}.", _problems);
        Fail(key, $"is {Show(value)}, not an object");
        return null;
    }

    /// <summary>All keys, those that are null too.</summary>
    internal IEnumerable<string> Keys() => _json.EnumerateObject().Select(static property => property.Name);

    /// <summary>The keys whose values are objects.</summary>
    internal IEnumerable<string> ObjectKeys() =>
        from property in _json.EnumerateObject() where property.Value.ValueKind == JsonValueKind.Object select property.Name;

    private static JsonDocument Parse(string json)
    {
        try
        {
            // Of a key that comes twice some readers take the first value, some the last.
            return JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (InvalidOperationException exception)
        {
            // What the parser says of a key with half of a surrogate pair.
            throw new JsonException(exception.Message, exception);
        }
    }

    private static bool TryFlag(JsonElement value, out bool parsed)
    {
        parsed = value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.GetDouble() != 0);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number;
    }

    // JSON can spell half of a surrogate pair, which is no text.
    private static bool TryText(JsonElement value, out string parsed)
    {
        parsed = "";
        if (value.ValueKind != JsonValueKind.String) return false;
        try
        {
            parsed = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 40 ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, 40)}...");
    }

    private JsonElement? Find(string key) =>
        _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private T Read<T>(string key, T absent, string expected, Parser<T> parse)
    {
        if (Find(key) is not { } value) return absent;
        if (parse(value, out var parsed)) return parsed;
        Fail(key, $"is {Show(value)}, not {expected}");
        return absent;
    }

    private T[]? List<T>(string key, string expected, Parser<T> parse)
    {
        if (Find(key) is not { } list) return null;
        if (list.ValueKind == JsonValueKind.Array)
        {
            var parsed = new List<T>(list.GetArrayLength());
            foreach (var value in list.EnumerateArray())
            {
                if (parse(value, out var item)) parsed.Add(item);
            }
            if (parsed.Count == list.GetArrayLength()) return [.. parsed];
        }
        Fail(key, $"is {Show(list)}, not {expected}");
        return null;
    }
}
