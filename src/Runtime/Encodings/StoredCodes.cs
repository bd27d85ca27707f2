using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard.Encodings;

/// <summary>Which element types codes may be stored with.</summary>
internal static class StoredCodes
{
    private static readonly torch.ScalarType[] SmallFloats =
        [CheckpointType.F8_E4M3.ToScalarType(), CheckpointType.F8_E5M2.ToScalarType(), CheckpointType.F8_E4M3FNUZ.ToScalarType(), CheckpointType.F8_E5M2FNUZ.ToScalarType()];

    private static readonly torch.ScalarType Power = CheckpointType.F8_E8M0.ToScalarType();

    /// <summary>Whether a type is that of codes. Numbers are those that are narrower than what models compute in: others are no codes.</summary>
    public static bool Takes(CodeLayout layout, torch.ScalarType stored) =>
        layout.Type == CodeType.Number ? SmallFloats.Contains(stored) || stored == torch.ScalarType.Int8 : TakesBits(layout, stored);

    /// <summary>Whether a type is that of a companion. Integers are no scales, which bytes of exponents would be taken for.</summary>
    public static bool TakesCompanion(CodeLayout layout, torch.ScalarType stored) =>
        layout.Type == CodeType.Number ? stored == Power || SmallFloats.Contains(stored) || ElementTypes.Fits(stored, torch.ScalarType.Float32, false) : TakesBits(layout, stored);

    /// <summary>The types that codes may have, for messages.</summary>
    public static string Expected(CodeLayout layout) => layout switch
    {
        { Type: CodeType.Number } => "F8_E4M3, F8_E5M2 or I8",
        { Type: CodeType.Exponent } => "U8 or F8_E8M0",
        { Type: CodeType.Json } => "U8",
        { Type: CodeType.Int, Word: 0 } => "I8, I16, I32 or I64",
        { Word: 0 } => "U8, or integers of more bits",
        _ => $"words of {layout.Word} bits",
    };

    /// <summary>The types that a companion may have, for messages.</summary>
    public static string ExpectedOfCompanion(CodeLayout layout) => layout.Type == CodeType.Number ? "F32, BF16, F16 or F8" : Expected(layout);

    private static bool TakesBits(CodeLayout layout, torch.ScalarType stored) => layout switch
    {
        { Type: CodeType.Json } => stored == torch.ScalarType.Byte,
        { Type: CodeType.Exponent, Word: 0 } => stored == torch.ScalarType.Byte || stored == Power,
        { Type: CodeType.UInt, Word: 0 } => stored == torch.ScalarType.Byte || Bits(stored) > 8,
        { Word: 0 } => stored is torch.ScalarType.Int8 or torch.ScalarType.Int16 or torch.ScalarType.Int32 or torch.ScalarType.Int64,
        _ => Bits(stored) == layout.Word,
    };

    /// <summary>The bits of an integer type; zero of any other.</summary>
    private static int Bits(torch.ScalarType type) =>
        CheckpointTypes.TryFromScalarType(type, out var known) && known is CheckpointType.U8 or CheckpointType.I8 or CheckpointType.I16 or CheckpointType.U16 or CheckpointType.I32 or CheckpointType.U32 or CheckpointType.I64 or CheckpointType.U64 ? known.Size() * 8 : 0;
}
