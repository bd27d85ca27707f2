using CsCheck;

namespace Lanyard.Generator.Tests.Conformance.Lists;

/// <summary>Names of few words and few numbers, so that they share what names can share.</summary>
internal static class RandomNames
{
    // Numbers of their own, within words, with zeros before them, and too large ones.
    private static readonly Gen<string> Segments = Gen.Frequency(
        (6, Gen.Int[0, 4].Select(number => $"{number}")),
        (4, One("a", "b", "w")),
        (1, One("x1", "x2", "1x", "s_3", "s_4", "00", "01", "12345678901", "", "é")));

    /// <summary>A name.</summary>
    public static readonly Gen<string> Name = Segments.List[1, 4].Select(segments => string.Join(".", segments));

    /// <summary>Names, none twice.</summary>
    public static readonly Gen<List<string>> Names = Name.List[0, 60].Select(names => names.Distinct().ToList());

    /// <summary>Names with a kind each, of three.</summary>
    public static readonly Gen<Dictionary<string, int>> Tensors =
        Gen.Select(Names, Gen.Int[0, 2].List[60]).Select((names, kinds) => names.Select((name, i) => (name, kinds[i])).ToDictionary(pair => pair.name, pair => pair.Item2));

    /// <summary>A name in which some segments are holes, as the texts between them.</summary>
    public static readonly Gen<string[]> Query = Gen.Select(Name, Gen.Int[0, 15]).Select((name, holes) =>
        string.Join(".", name.Split('.').Select((segment, i) => (holes >> i & 1) == 1 ? "\n" : segment)).Split('\n'));

    /// <summary>The beginning of a name, up to a dot.</summary>
    public static readonly Gen<string> Prefix = Gen.Select(Name, Gen.Int[0, 3]).Select((name, length) => string.Concat(name.Split('.').Take(length).Select(segment => segment + ".")));

    /// <summary>The header of a safetensors file with tensors of such kinds.</summary>
    public static string Header(IEnumerable<KeyValuePair<string, int>> tensors) => "{"
        + string.Join(",", tensors.Select(tensor => $"{System.Text.Json.JsonSerializer.Serialize(tensor.Key)}:{{\"dtype\":\"{Type(tensor.Value)}\",\"shape\":[{tensor.Value},4]}}"))
        + "}";

    /// <summary>One of some texts.</summary>
    public static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    /// <summary>The type of a kind.</summary>
    public static string Type(int kind) => kind == 2 ? "F32" : "BF16";
}
