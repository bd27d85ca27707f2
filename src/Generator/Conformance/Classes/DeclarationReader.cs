using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Conformance.Classes;

/// <summary>Reads what is written on a class: the other half of what the generator writes.</summary>
public sealed class DeclarationReader
{
    private readonly ImmutableArray<DescribedAxis>.Builder _axes = ImmutableArray.CreateBuilder<DescribedAxis>();
    private readonly List<DescribedEncoding> _encodings = [];
    private readonly ImmutableArray<DescribedParameter>.Builder _parameters = ImmutableArray.CreateBuilder<DescribedParameter>();
    private readonly ImmutableArray<DescribedChild>.Builder _children = ImmutableArray.CreateBuilder<DescribedChild>();
    private readonly ImmutableArray<DescribedPrefix>.Builder _prefixes = ImmutableArray.CreateBuilder<DescribedPrefix>();
    private readonly ImmutableArray<DescribedIgnore>.Builder _ignores = ImmutableArray.CreateBuilder<DescribedIgnore>();
    private readonly ImmutableArray<DescribedOverride>.Builder _overrides = ImmutableArray.CreateBuilder<DescribedOverride>();
    private readonly ImmutableArray<(string, string)>.Builder _aliases = ImmutableArray.CreateBuilder<(string, string)>();

    private DeclarationReader()
    {
    }

    /// <summary>Reads a class.</summary>
    /// <param name="name">The name of the class.</param>
    /// <param name="lines">What is written on it.</param>
    public static DescribedModule Read(string name, IEnumerable<string> lines)
    {
        var reader = new DeclarationReader();
        foreach (var line in lines) reader.Add(DeclarationLine.Fields(line));
        return new DescribedModule(name)
        {
            Axes = reader._axes.ToImmutable(),
            Parameters = reader._parameters.ToImmutable(),
            Children = reader._children.ToImmutable(),
            Prefixes = reader._prefixes.ToImmutable(),
            Ignores = reader._ignores.ToImmutable(),
            Aliases = reader._aliases.ToImmutable(),
            Overrides = reader._overrides.ToImmutable(),
        };
    }

    private void Add(List<string> line)
    {
        switch (line[0])
        {
            case "axis":
                _axes.Add(Axis(line));
                break;
            case "encoding":
                _encodings.Add(new DescribedEncoding(line[1], line[2], Codes(line[3])) { IsFlat = Has(line, "flat") });
                break;
            case "companion":
                _encodings[^1] = _encodings[^1] with { Companions = _encodings[^1].Companions.Add(new(line[1], line[2], Codes(line[3]), All(line, "covers"), Has(line, "absent"))) };
                break;
            case "unread":
                _encodings[^1] = _encodings[^1] with { Unread = _encodings[^1].Unread.Add(line[1]) };
                break;
            case "parameter":
                _parameters.Add(new DescribedParameter(line[1], line[2]) { When = Find(line, "when"), Type = Find(line, "type"), MayBeAbsent = Has(line, "absent") });
                break;
            case "source":
                _parameters[^1] = _parameters[^1] with { Sources = _parameters[^1].Sources.Add(Source(line, _parameters[^1].Sources.Length)) };
                break;
            case "constant":
                _parameters[^1] = _parameters[^1] with { Constants = _parameters[^1].Constants.Add((line[1], Find(line, "format"))) };
                break;
            case "child":
                _children.Add(new DescribedChild(line[1], line[2])
                {
                    IsList = Has(line, "list"),
                    IsOptional = Has(line, "optional"),
                    IsNumbered = Has(line, "numbered"),
                    Classes = All(line, "class"),
                    Axes = Find(line, "axes"),
                    When = Find(line, "when"),
                });
                break;
            case "name":
                _children[^1] = _children[^1] with { Names = _children[^1].Names.Add(new(Find(line, "convention") ?? "", Find(line, "format") ?? "", line[1])) };
                break;
            case "prefix":
                _prefixes.Add(new DescribedPrefix(line[1], Find(line, "convention") ?? ""));
                break;
            case "ignore":
                _ignores.Add(new DescribedIgnore(line[1]) { IsOptional = Has(line, "optional"), When = Find(line, "when"), IsNumbered = Has(line, "numbered") });
                break;
            case "alias":
                _aliases.Add((line[1], line[2]));
                break;
            case "below":
                _overrides.Add(new(line[1], All(line, "class"), Find(line, "axes")) { IsAlways = Has(line, "always") });
                break;
        }
    }

    private static DescribedAxis Axis(List<string> line) => new(line[1], line[2], line[3])
    {
        Labels = All(line, "label"),
        Value = Find(line, "value") is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : null,
        Same = Find(line, "same"),
        Config = Find(line, "config"),
        Replicate = Has(line, "replicate"),
        PadTo = Find(line, "pad_to") is { } multiple ? int.Parse(multiple, CultureInfo.InvariantCulture) : 1,
        Unit = Find(line, "Unit =") is { } unit ? int.Parse(unit, CultureInfo.InvariantCulture) : 0,
        Padded = Has(line, "Padded = true"),
        Whole = Has(line, "Whole = true"),
        Follows = Find(line, "Follows =")?.Trim('"'),
        PadWithin = Find(line, "PadWithin =")?.Trim('"'),
    };

    private DescribedSource Source(List<string> line, int index)
    {
        var scale = Find(line, "scale");
        return new DescribedSource(index, line[1], line[2])
        {
            Part = Find(line, "part"),
            Format = Find(line, "format") ?? "",
            Encoding = Find(line, "encoding") is { } encoding ? _encodings[int.Parse(encoding, CultureInfo.InvariantCulture)] : Short(line, scale),
            Scale = scale,
            Joined = Find(line, "joined"),
            Cast = Has(line, "cast"),
            IsShifted = Has(line, "offset"),
        };
    }

    /// <summary>The older, short spellings of an encoding, spelled out as the runtime does.</summary>
    private static DescribedEncoding? Short(List<string> line, string? scale)
    {
        var (packed, block) = (Has(line, "mxfp4"), Find(line, "block"));
        if (scale is null && !packed && !Has(line, "offset")) return null;
        return new DescribedEncoding(packed ? "MXFP4" : scale is null ? "numbers with an offset" : "numbers with scales", "", packed ? new("E2M1", 4, 8, -1, 32) : new("Number", 0, 0, -1, 0))
        {
            Companions = scale is null ? [] : [new("scale", "", new(packed ? "Exponent" : "Number", 0, 0, -1, 0), packed ? ["32"] : block is null ? ["", "1 *"] : [$"{block} {block}"], MayBeAbsent: false)],
        };
    }

    private static DescribedCodes Codes(string text)
    {
        var words = text.Split(' ');
        return new(words[0], Number(1), Number(2), Number(3), Number(4));

        int Number(int word) => int.Parse(words[word], CultureInfo.InvariantCulture);
    }

    // What has a place of its own is never an option: names may be any text.
    private static IEnumerable<string> Options(List<string> line) => line.Skip(line[0] switch
    {
        "axis" or "encoding" or "companion" => 4,
        "prefix" or "ignore" or "name" or "constant" or "below" => 2,
        _ => 3,
    });

    private static bool Has(List<string> line, string flag) => Options(line).Contains(flag);

    private static string? Find(List<string> line, string word) => Options(line).Where(option => option.StartsWith(word + " ", StringComparison.Ordinal)).Select(option => option.Substring(word.Length + 1)).FirstOrDefault();

    private static ImmutableArray<string> All(List<string> line, string word) => [.. Options(line).Where(option => option.StartsWith(word + " ", StringComparison.Ordinal)).Select(option => option.Substring(word.Length + 1))];
}
