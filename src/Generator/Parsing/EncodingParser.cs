using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Generator.Models;
using Lanyard.Generator.Spelling;
using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Parsing;

/// <summary>Reads how a source stores its values.</summary>
internal static class EncodingParser
{
    private const string CodeType = "global::Lanyard.CodeType";

    /// <summary>What a source itself says, as initializers.</summary>
    public static EquatableArray<string> Initializers(WrittenAttribute attribute)
    {
        var initializers = ImmutableArray.CreateBuilder<string>();
        if (attribute.Named("Shared") is true) initializers.Add("Shared = true");
        if (attribute.Named("Repeat") is string repeat) initializers.Add($"Repeat = {Literals.Text(repeat)}");
        if (attribute.Named("Joined") is string joined) initializers.Add($"Joined = {Literals.Text(joined)}");
        if (attribute.Named("Scale") is string scale) initializers.Add($"Scale = {Literals.Text(scale)}");
        if (attribute.Named("BlockSize") is int and not 0 and var block) initializers.Add(string.Format(CultureInfo.InvariantCulture, "BlockSize = {0}", block));
        if (attribute.Enumeration("Packing", "global::Lanyard.Packing") is { } packing) initializers.Add($"Packing = {packing}");
        if (attribute.Named("Offset") is double and not 0 and var offset) initializers.Add($"Offset = {Literals.Number(offset)}");
        if (attribute.Named("Cast") is true) initializers.Add("Cast = true");
        return initializers.ToImmutable();
    }

    /// <summary>What a source itself says, as a declaration spells it.</summary>
    public static EquatableArray<string> Options(WrittenAttribute attribute)
    {
        var options = ImmutableArray.CreateBuilder<string>();
        if (attribute.Named("Shared") is true) options.Add("shared");
        if (attribute.Named("Repeat") is string repeat) options.Add("repeat " + repeat);
        if (attribute.Named("Joined") is string joined) options.Add("joined " + joined);
        if (attribute.Named("Scale") is string scale) options.Add("scale " + scale);
        if (attribute.Named("BlockSize") is int and not 0 and var block) options.Add("block " + Literals.Number(block));
        if (attribute.Enumeration("Packing", "Packing") == "Packing.Mxfp4") options.Add("mxfp4");
        if (attribute.Named("Offset") is double and not 0) options.Add("offset");
        if (attribute.Named("Cast") is true) options.Add("cast");
        return options.ToImmutable();
    }

    /// <summary>What the class says that a source names, in this assembly or another; null where none does, or it does not say enough.</summary>
    public static EncodingModel? Encoding(WrittenAttribute attribute)
    {
        if (attribute.Type("Encoding") is not { } type) return null;
        if (type.Attribute("CodesAttribute") is not { } codes || type.Attribute("ValueAttribute") is not { } value) return null;
        return new EncodingModel(type.ToDisplayString(), type.Name, codes.Text(0), Layout(codes, codes.ConstructorArguments.ElementAtOrDefault(1)), value.Text(0), codes.Named("Flat") is true)
        {
            Companions = type.Attributes("CompanionAttribute").Select(Companion).ToImmutableArray(),
            Configured = type.Attributes("ConfiguredAttribute").SelectMany(static field => new[] { field.Text(0), field.Text(1) }).ToImmutableArray(),
            Unread = type.Attributes("UnreadAttribute").Select(static unread => unread.Text(0)).ToImmutableArray(),
        };
    }

    private static CompanionModel Companion(AttributeData companion) => new(
        companion.Text(0),
        companion.Text(1),
        Layout(companion, companion.Constant("Type")),
        companion.ConstructorArguments.ElementAtOrDefault(2).Items().Select(static covers => covers.Value as string ?? "").ToImmutableArray(),
        companion.Named("Through") as string,
        companion.Named("Field") as string,
        companion.Named("Absent") as double?);

    private static CodeLayoutModel Layout(AttributeData attribute, TypedConstant type) => new(
        type is { Kind: TypedConstantKind.Enum, Value: not null } ? KnownTypes.Expression(type, CodeType) : CodeType + ".Number",
        attribute.Named("Bits") as int? ?? 0,
        attribute.Named("Word") as int? ?? 0,
        attribute.Named("Axis") as int? ?? -1,
        attribute.Constant("Order").Items().Select(static place => place.Value as int? ?? 0).ToImmutableArray(),
        attribute.Named("Block") as int? ?? 0);
}
