using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads how a source stores its values.</summary>
internal static class EncodingParser
{
    public static EquatableArray<string> Parse(WrittenAttribute attribute)
    {
        var initializers = ImmutableArray.CreateBuilder<string>();
        if (attribute.Named("Scale") is string scale) initializers.Add($"Scale = {Literals.Text(scale)}");
        if (attribute.Named("BlockSize") is int and not 0 and var block) initializers.Add(string.Format(CultureInfo.InvariantCulture, "BlockSize = {0}", block));
        if (attribute.Enumeration("Packing", "global::Lanyard.Packing") is { } packing) initializers.Add($"Packing = {packing}");
        if (attribute.Named("Offset") is double and not 0 and var offset) initializers.Add($"Offset = {Literals.Number(offset)}");
        if (attribute.Named("Cast") is true) initializers.Add("Cast = true");
        return initializers.ToImmutable();
    }
}
