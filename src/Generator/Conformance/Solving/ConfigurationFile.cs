using Lanyard.Generator.Conformance.Lists;
using Lanyard.Generator.Conformance.Matching;

namespace Lanyard.Generator.Conformance.Solving;

/// <summary>A <c>config.json</c>, of which sizes are asked by their keys.</summary>
public sealed class ConfigurationFile
{
    private const string Nested = "text_config";

    private readonly JsonText _json;
    private readonly string _name;

    private ConfigurationFile(JsonText json, string name) => (_json, _name) = (json, name);

    /// <summary>The text.</summary>
    public string Text => _json.Text;

    /// <summary>Reads a text; null where it is no JSON.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    public static ConfigurationFile? Read(string text, string name) => JsonParser.Parse(text, new ListFaults()) is { } json ? new ConfigurationFile(json, name) : null;

    /// <summary>The whole number that a key has; null where there is none. Keys within others have dots.</summary>
    // A model of texts and pictures has the keys of its text model below one of their own.
    public (long Value, SizeSource Source)? Find(string key) => Find(0, key, key) ?? (_json[0].Kind == JsonKind.Object && _json.Find(0, Nested) is >= 0 and var text ? Find(text, key, $"{Nested}.{key}") : null);

    private (long Value, SizeSource Source)? Find(int node, string key, string name)
    {
        foreach (var part in key.Split('.'))
        {
            if (_json[node].Kind != JsonKind.Object) return null;
            node = _json.Find(node, part);
            if (node < 0) return null;
        }

        // No place of the list: what it contradicts there has one.
        return _json.TryWhole(node, out var value) && value > 0 ? (value, new SizeSource($"{name} of {_name}", "", new ProblemPlace(-1, 0), null)) : null;
    }
}
