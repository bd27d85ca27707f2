using Lanyard.Checkpoints;
using TorchSharp;

namespace Lanyard;

/// <summary>How a model is written out.</summary>
public sealed record ExportOptions
{
    /// <summary>The first declared format of each parameter, its own element type, files of at most 5 GB.</summary>
    public static ExportOptions Default { get; } = new();

    /// <summary>
    /// The format of each parameter that has one of this name; the others are written in the first that they declare. The empty string is
    /// the sources without a format. Null: the first of each; with <see cref="Codes"/>, that of which the codes were kept.
    /// </summary>
    public string? Format { get; init; }

    /// <summary>The convention in which tensors are named. Null: the names that are stated without one.</summary>
    public string? Convention { get; init; }

    /// <summary>Other names of tensors than the classes of the model declare, as for <see cref="LoadOptions.Names"/>: a load with the same ones takes what is written. Null for none.</summary>
    public NameMapping? Names { get; init; }

    /// <summary>
    /// Whether encoded tensors are written as they came, with those beside them, instead of their values: the bits that a load with
    /// <see cref="LoadOptions.KeepCodes"/> has kept. Each is decoded again and compared with the parameter first: new values are not encoded, and
    /// the export is refused.
    /// </summary>
    public bool Codes { get; init; }

    /// <summary>
    /// The type in which floating-point tensors are written: float64, float32, float16 or bfloat16. Null: the type of each parameter's
    /// model layout. Values that a narrower type changes are reported. Codes, and what stands beside them, keep theirs.
    /// </summary>
    public torch.ScalarType? Type { get; init; }

    /// <summary>Whether optional prefixes that classes of the model declare are written; without a declared one it has no effect. A convention's own prefix is written in any case.</summary>
    public bool Prefix { get; init; }

    /// <summary>The most tensor bytes that a file may have; more makes several files and an index.</summary>
    public long MaxFileBytes { get; init; } = CheckpointWriter.DefaultMaxFileBytes;

    /// <summary>
    /// The <c>__metadata__</c> of every file. Keys that begin with <c>lanyard.</c> are reserved. By default <c>format</c> is <c>pt</c>,
    /// without which transformers refuses a file.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string> { ["format"] = "pt" };
}
