using Lanyard.Arithmetic;

namespace Lanyard.Encodings;

/// <summary>What an encoding says that contradicts itself. The compiler sees it in a class; files of checksums and maps made by hand bring their own.</summary>
internal static class EncodingFaults
{
    private const string Code = "code";

    /// <summary>What is wrong, or null.</summary>
    public static string? Of(ValueEncoding encoding)
    {
        if (!ValueExpression.TryParse(encoding.Value, out var value, out var error)) return $"the value of {encoding.Name}: {error}";
        var (layouts, names) = (encoding.Companions.Select(companion => (companion.Name, companion.Layout)).Prepend((Name: Code, encoding.Layout)), encoding.Companions.Select(companion => companion.Name).ToHashSet());
        if (names.Count < encoding.Companions.Length || names.Contains(Code)) return $"{encoding.Name} has two tensors of one name";
        if (encoding.Layout.Type == CodeType.Json) return $"the codes of {encoding.Name} are JSON";
        foreach (var (name, layout) in layouts)
        {
            if (Fault(layout) is { } fault) return $"{name} of {encoding.Name} has {fault}";
        }
        foreach (var companion in encoding.Companions)
        {
            var isIndex = encoding.Companions.Any(other => other.Through == companion.Name);
            var isTable = companion is { Covers: [], Layout.Type: not CodeType.Json };
            if (companion.Covers.FirstOrDefault(text => !Covers.TryParse(text, out _)) is { } wrong) return $"{companion.Name} of {encoding.Name} covers \"{wrong}\", which is neither numbers of positions nor *";
            if (companion.Through is { } through && !encoding.Companions.Any(other => other is { Through: null, Covers: [not ""], Layout.Type: not CodeType.Json } && other.Name == through)) return $"{companion.Name} of {encoding.Name} goes through {through}, which has no number for each position";
            if (companion.Layout.Type == CodeType.Json && (companion.Field is null || companion.Covers is not ([] or [""]))) return $"{companion.Name} of {encoding.Name} is JSON, which needs a field and is one number for all values";
            if (isTable && companion.Layout.Axis != -1) return $"{companion.Name} of {encoding.Name} is a table, which has one axis, and no axis {companion.Layout.Axis}";
            if (isTable && companion.Through is not null) return $"{companion.Name} of {encoding.Name} is a table, which has no blocks that {companion.Through} could number";
            if (companion.Layout.Block != 0) return $"{companion.Name} of {encoding.Name} has blocks with an axis of their own, which only codes have";
            if (companion.Absent is not null && (isTable || isIndex)) return $"{companion.Name} of {encoding.Name} may be absent, and is {(isTable ? "a table" : "what others go through")}, which no number stands for";
            if (companion.Absent is { } absent && !float.IsFinite((float)absent)) return $"{companion.Name} of {encoding.Name} is {absent} where it is absent, which float32 has not";
            if (isTable ? !value!.Tables.Contains(companion.Name) : !isIndex && !value!.Names.Contains(companion.Name)) return $"the value of {encoding.Name} does not use {companion.Name}{(isTable ? $" as a table, {companion.Name}[...]" : "")}";
        }
        var unknown = value!.Names.Where(name => name != Code && !encoding.Companions.Any(companion => companion.Name == name && (!companion.Covers.IsEmpty || companion.Layout.Type == CodeType.Json)))
            .Concat(value.Tables.Where(name => !encoding.Companions.Any(companion => companion.Name == name && companion.Covers.IsEmpty))).FirstOrDefault();
        return unknown is not null ? $"the value of {encoding.Name} uses {unknown}, which is no tensor of it that can be used so"
            : !value.Names.Contains(Code) ? $"the value of {encoding.Name} does not use the code"
            : null;
    }

    private static string? Fault(CodeLayout layout) =>
        !Enum.IsDefined(layout.Type) ? $"the type {layout.Type}"
        : layout.Bits == 0 ? layout.Type == CodeType.E2M1 ? "codes of 4 bits, and no words that they are in" : layout is { Order.IsEmpty: true, Block: 0, Word: 0, Axis: -1 } ? null : "words, an axis, an order or blocks of codes that are not packed"
        : layout.Word is not (8 or 16 or 32 or 64) ? $"words of {layout.Word} bits"
        : layout.Bits < 1 || layout.Bits > Math.Min(layout.Word, 32) ? $"codes of {layout.Bits} bits in words of {layout.Word}"
        : layout.Type is CodeType.Number or CodeType.Json || (layout.Type == CodeType.E2M1 && layout.Bits != 4) || (layout.Type == CodeType.Exponent && layout.Bits != 8) ? $"codes of {layout.Bits} bits of type {layout.Type}"
        : layout.Axis is >= 0 or < -64 ? $"the axis {layout.Axis}, which is not counted from the end"
        : layout.Block < 0 ? $"blocks of {layout.Block} codes"
        : !layout.Order.Order().SequenceEqual(Enumerable.Range(0, layout.Order.Length)) ? $"the order {string.Join(' ', layout.Order)}, in which a place is missing"
        : null;
}
