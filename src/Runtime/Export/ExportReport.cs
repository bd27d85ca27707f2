using System.Collections.Immutable;

namespace Lanyard;

/// <summary>What an export or a merge wrote.</summary>
/// <param name="Files">The names of the files with tensors, without folder and without the index.</param>
/// <param name="Tensors">The tensors written.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Lossy">
/// Where what was written need not be what was loaded, by name; all other tensors have the bits of the loaded ones, widened where the
/// model's type is wider.
/// </param>
public sealed record ExportReport(ImmutableArray<string> Files, int Tensors, long Bytes, ImmutableArray<ExportLoss> Lossy)
{
    /// <summary>The <see cref="ParameterSet.Generation"/> of what was written; zero of a merge.</summary>
    public long Generation { get; init; }

    /// <summary>The <see cref="ParameterSet.Version"/> of what was written; null where nobody said it.</summary>
    public string? Version { get; init; }

    /// <summary>The report in one line, names folded, for a log.</summary>
    public override string ToString() =>
        $"{Tensors} tensors, {Bytes} bytes in {(Files.IsDefaultOrEmpty ? "no file" : string.Join(", ", Files))}; {(Lossy.IsDefaultOrEmpty ? "nothing is lossy" : $"lossy: {string.Join(", ", NameFolding.Fold(Lossy.Select(loss => loss.Tensor)))}")}";
}
