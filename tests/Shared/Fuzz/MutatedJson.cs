using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lanyard.Tests.Fuzz;

/// <summary>A JSON text that is changed by its structure, into what may be no JSON any more.</summary>
internal sealed class MutatedJson
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The tree holds placeholders for what JSON cannot say, or not twice.
    private readonly List<(string Placeholder, string Raw)> _raw = [];
    private readonly JsonNode _root;

    public MutatedJson(string json, IEnumerable<JsonMutation> mutations)
    {
        _root = JsonNode.Parse(json)!;
        foreach (var mutation in mutations) Apply(mutation);
    }

    /// <summary>The text.</summary>
    public byte[] Bytes()
    {
        var text = _root.ToJsonString(Relaxed);
        for (var i = _raw.Count - 1; i >= 0; i--) text = text.Replace($"\"{_raw[i].Placeholder}\"", _raw[i].Raw, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }

    private void Apply(JsonMutation mutation)
    {
        var places = Places(_root).ToList();
        if (places.Count == 0) return;
        var place = places[(int)(mutation.Where % places.Count)];
        switch (mutation.Change)
        {
            case JsonChange.Replace:
                place.Value = Raw(mutation.Raw);
                break;
            case JsonChange.Rename when place.Key is not null:
                var value = place.Value?.DeepClone();
                place.Remove();
                place.Parent.AsObject().Add(Placeholder(mutation.Raw), value);
                break;
            case JsonChange.Nudge:
                var numbers = places.Where(other => other.Value?.GetValueKind() == JsonValueKind.Number).ToList();
                if (numbers.Count == 0) break;
                place = numbers[(int)(mutation.Where % numbers.Count)];
                place.Value = Raw(Nudged(place.Value!.ToJsonString(), mutation.How));
                break;
            case JsonChange.Remove:
                place.Remove();
                break;
            case JsonChange.Repeat when place.Key is not null:
                place.Parent.AsObject().Add(Placeholder(JsonSerializer.Serialize(place.Key)), place.Value?.DeepClone());
                break;
            case JsonChange.Repeat:
                place.Parent.AsArray().Insert(place.Index, place.Value?.DeepClone());
                break;
            case JsonChange.Swap:
                var other = places[(int)(mutation.How % places.Count)];
                var (mine, its) = (place.Value?.DeepClone(), other.Value?.DeepClone());
                place.Value = its;
                // One may have been within the other, and is gone then.
                if (Places(_root).Contains(other)) other.Value = mine;
                break;
            case JsonChange.Wrap:
                var depth = (int)(mutation.How % 4) switch { 0 => 1, 1 => 60, 2 => 125, _ => 130 };
                place.Value = Raw(new string('[', depth) + (place.Value?.ToJsonString(Relaxed) ?? "null") + new string(']', depth));
                break;
        }
    }

    private static string Nudged(string number, uint how)
    {
        if (!Int128.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return number;
        value = (how % 8) switch
        {
            0 => value + 1,
            1 => value - 1,
            2 => value * 2,
            3 => -value,
            4 => value + 4294967296,
            5 => value + (Int128.One << 63),
            6 => value + (how >> 3),
            _ => value - (how >> 3),
        };
        return value.ToString(CultureInfo.InvariantCulture);
    }

    private static IEnumerable<JsonPlace> Places(JsonNode? node)
    {
        var children = node switch
        {
            JsonObject properties => properties.Select(property => new JsonPlace(node, property.Key, 0)).ToList(),
            JsonArray items => items.Select((_, i) => new JsonPlace(node, null, i)).ToList(),
            _ => [],
        };
        return children.SelectMany(place => Places(place.Value).Prepend(place));
    }

    private JsonNode Raw(string raw) => JsonValue.Create(Placeholder(raw));

    private string Placeholder(string raw)
    {
        _raw.Add(($"@{_raw.Count}@", raw));
        return _raw[^1].Placeholder;
    }
}
