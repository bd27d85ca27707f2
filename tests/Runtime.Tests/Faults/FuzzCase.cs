using CsCheck;
using Lanyard.Tests.Fuzz;

namespace Lanyard.Tests.Faults;

/// <summary>A checkpoint and what is changed in it. Files are counted round and round.</summary>
/// <param name="Base">Which checkpoint.</param>
/// <param name="Types">Changes of headers that keep them right, which come first.</param>
/// <param name="Json">Changes of headers and of the index.</param>
/// <param name="Bytes">Changes of bytes.</param>
/// <param name="Files">Changes of files.</param>
/// <param name="Reads">Which parts of tensors are read.</param>
internal sealed record FuzzCase(
    uint Base,
    (uint File, Reinterpretation Change)[] Types,
    (uint File, JsonMutation Mutation)[] Json,
    (uint File, ByteMutation Mutation)[] Bytes,
    (uint File, FileChange Change)[] Files,
    int Reads)
{
    /// <summary>Any case; mostly one or two changes, since the first one that is refused hides the others.</summary>
    public static Gen<FuzzCase> Gen { get; } = CsCheck.Gen.Select(
        CsCheck.Gen.UInt[0, 41],
        Sometimes(1, Reinterpretation.Gen, 3),
        CsCheck.Gen.Select(CsCheck.Gen.UInt[0, 20], JsonMutation.Gen).Array[0, 3],
        Sometimes(3, ByteMutation.Gen, 2),
        Sometimes(15, CsCheck.Gen.Enum<FileChange>(), 2),
        CsCheck.Gen.Int[0, 1000],
        (at, types, json, bytes, files, reads) => new FuzzCase(at, types, json, bytes, files, reads));

    /// <inheritdoc/>
    public override string ToString() =>
        $"base {Base}, types [{string.Join("; ", Types)}], json [{string.Join("; ", Json)}], bytes [{string.Join("; ", Bytes)}], files [{string.Join("; ", Files)}], reads {Reads}";

    // Once for each so many times not.
    private static Gen<(uint File, T Change)[]> Sometimes<T>(int not, Gen<T> changes, int most) => CsCheck.Gen.Frequency(
        (not, CsCheck.Gen.Const(Array.Empty<(uint, T)>())), (1, CsCheck.Gen.Select(CsCheck.Gen.UInt[0, 20], changes).Array[1, most]));
}
