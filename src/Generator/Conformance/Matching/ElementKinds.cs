using Lanyard.Generator.Conformance.Classes;

namespace Lanyard.Generator.Conformance.Matching;

/// <summary>Which element types go into which, as the runtime has it; types are spelled as checkpoints spell them.</summary>
internal static class ElementKinds
{
    private static readonly string[] Floats = ["F64", "F32", "F16", "BF16"];
    private static readonly string[] SmallFloats = ["F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ"];
    private static readonly string[] Integers = ["U8", "I8", "I16", "U16", "I32", "U32", "I64", "U64", "BOOL"];
    private const string Power = "F8_E8M0";

    /// <summary>Whether models compute in a type.</summary>
    public static bool IsFloat(string type) => Floats.Contains(type);

    /// <summary>Whether a type is that of blocks in a GGUF file, which say themselves how they are decoded.</summary>
    public static bool IsBlocks(string type) => !IsFloat(type) && !SmallFloats.Contains(type) && !Integers.Contains(type) && type is not (Power or "F4" or "C64");

    /// <summary>A type of TorchSharp as checkpoints spell it.</summary>
    public static string OfTorch(string type) => type switch
    {
        "Float32" => "F32",
        "Float64" => "F64",
        "Float16" => "F16",
        "BFloat16" => "BF16",
        "Int64" => "I64",
        "Int32" => "I32",
        "Int16" => "I16",
        "Int8" => "I8",
        "Byte" => "U8",
        "Bool" => "BOOL",
        _ => type,
    };

    /// <summary>Whether elements of one type may be written to another.</summary>
    public static bool Fits(string from, string to, bool narrow) => from == to
        || (from is "BF16" or "F16" && to is "F32" or "F64") || (from == "F32" && to == "F64")
        || (narrow && IsFloat(from) && IsFloat(to));

    /// <summary>Whether a source takes elements of a type, for a parameter of another.</summary>
    public static bool Takes(DescribedSource source, string stored, string parameter)
    {
        if (source.IsShifted && !Fits("F32", parameter, source.Cast)) return false;
        var isBare = source.Encoding is null or { Companions.IsEmpty: true, Layout.Type: "Number" };
        if (IsBlocks(stored)) return isBare && IsFloat(parameter);
        if (source.Encoding is not { } encoding) return Fits(stored, parameter, source.Cast);
        if (!IsFloat(parameter)) return false;
        return TakesCodes(encoding.Layout, stored) || (isBare && stored != "F64" && Fits(stored, "F32", narrow: false) && Fits("F32", parameter, source.Cast));
    }

    /// <summary>Whether a companion may be stored with a type.</summary>
    public static bool TakesCompanion(DescribedCodes layout, string stored) =>
        layout.Type == "Number" ? stored == Power || SmallFloats.Contains(stored) || Fits(stored, "F32", narrow: false) : TakesBits(layout, stored);

    /// <summary>What a source takes, for messages.</summary>
    public static string Expected(DescribedSource source, string parameter) => source.Encoding is not { } encoding ? source.Cast ? "a floating-point type" : parameter : encoding.Layout switch
    {
        { Type: "Number" } when encoding.Companions.IsEmpty => "F32",
        { Type: "Number" } => "F8_E4M3, F8_E5M2 or I8",
        _ => Bits(encoding.Layout),
    };

    /// <summary>What a companion may be, for messages.</summary>
    public static string ExpectedOfCompanion(DescribedCodes layout) => layout.Type == "Number" ? "F32, BF16, F16 or F8" : Bits(layout);

    private static bool TakesCodes(DescribedCodes layout, string stored) => layout.Type == "Number" ? SmallFloats.Contains(stored) || stored == "I8" : TakesBits(layout, stored);

    private static bool TakesBits(DescribedCodes layout, string stored) => layout switch
    {
        { Type: "Json" } => stored == "U8",
        { Type: "Exponent", Word: 0 } => stored is "U8" or Power,
        { Type: "UInt", Word: 0 } => stored == "U8" || BitsOf(stored) > 8,
        { Word: 0 } => stored is "I8" or "I16" or "I32" or "I64",
        _ => BitsOf(stored) == layout.Word,
    };

    private static string Bits(DescribedCodes layout) => layout switch
    {
        { Type: "Exponent", Word: 0 } => "U8 or F8_E8M0",
        { Type: "Json" } => "U8",
        { Type: "Int", Word: 0 } => "I8, I16, I32 or I64",
        { Word: 0 } => "U8, or integers of more bits",
        _ => $"words of {layout.Word} bits",
    };

    private static int BitsOf(string type) => type switch
    {
        "U8" or "I8" => 8,
        "I16" or "U16" => 16,
        "I32" or "U32" => 32,
        "I64" or "U64" => 64,
        _ => 0,
    };
}
