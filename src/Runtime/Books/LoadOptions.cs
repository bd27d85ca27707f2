using Microsoft.Extensions.Logging;

namespace Lanyard;

/// <summary>What a load may do beside the declared map.</summary>
public sealed record LoadOptions
{
    /// <summary>Takes only what loses nothing.</summary>
    public static LoadOptions Default { get; } = new();

    /// <summary>
    /// Whether a floating-point tensor may be rounded to a narrower type of the model, as float32 to bfloat16. Widening, as bfloat16
    /// to float32, loses nothing and is always allowed.
    /// </summary>
    public bool AllowNarrowing { get; init; }

    /// <summary>How a first load brings weights into memory; a refit always copies, since addresses must not move.</summary>
    public LoadMode Mode { get; init; }

    /// <summary>
    /// How the files of a checkpoint are read. Null: the first load of a model maps them, for it is often read once and from files that stay; a refit,
    /// by a plan or a session, reads them, since a trainer may write over them while the model serves. <see cref="LoadMode.Map"/>, with which
    /// parameters <em>are</em> the files, contradicts <see cref="CheckpointAccess.Read"/>, and both together are refused.
    /// </summary>
    /// <remarks>
    /// Either way the length of each file and the time of its last change are compared with what they were when the checkpoint was opened, after
    /// the last read and before anything is committed; where a file was written just before it was opened, reading begins some milliseconds later,
    /// so that every write from then on has another time. A file that was replaced by renaming another over it is read to its end as it was. What
    /// changes a file and leaves both as they were cannot be seen: one long write, or pages that are mapped, which was under way when the
    /// file was opened, and whoever sets the time back. A trainer that renames, or takes another name for each step, needs none of this.
    /// </remarks>
    public CheckpointAccess? Access { get; init; }

    /// <summary>
    /// Whether a copy is kept of every stored tensor that is decoded, and of those beside it, so that <see cref="ExportOptions.Codes"/> can write
    /// them as they came. It takes the memory of the stored tensors. It stays until the next load or refit that brings the parameter, and
    /// one without this option drops it. A rank of several keeps nothing, and blocks of GGUF are not kept.
    /// </summary>
    public bool KeepCodes { get; init; }

    /// <summary>Where a line is written when a load or a refit ends; null for nowhere. What it throws is left alone: the refit has ended by then. <see cref="LanyardTelemetry"/> names what else can be observed.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>
    /// The format to read where a tensor fits more than one, as a square matrix that is transposed in some files; the empty string is the
    /// sources without a format. Null: such a tensor is an error. One that no source of the model has is refused.
    /// </summary>
    public string? Format { get; init; }

    /// <summary>
    /// The convention that the names are of, where one name means one tensor in it and another tensor in another; the empty string is the names
    /// that are stated without one. Null: the convention that has all names that come.
    /// </summary>
    public string? Convention { get; init; }

    /// <summary>Other names of tensors than the classes of the model declare, and tensors to leave alone; null for none.</summary>
    public NameMapping? Names { get; init; }

    /// <summary>Whether the report counts the values that are infinite or no numbers: each parameter that came is read once more.</summary>
    public bool CountNonFinite { get; init; }

    /// <summary>
    /// What the weights are called that come, such as <c>step-120</c>: <see cref="ParameterSet.Version"/> from then on, in reports, checksums, exports and telemetry. Null for
    /// nothing. It says nothing of what the weights are.
    /// </summary>
    public string? Version { get; init; }

    /// <summary>The version that the model must have for a refit of less than all: on another one it is refused when it begins. Null for any.</summary>
    public string? BuildsOn { get; init; }

    /// <summary>Who brings the weights, for messages and <see cref="StatusExtensions.Sessions"/>; null for nobody.</summary>
    public string? By { get; init; }

    /// <summary>
    /// How long a session lasts in which nothing comes: it is abandoned then, as if it had been disposed, since whoever brings the weights has gone. Every call to the session
    /// begins the time anew. Null: until it is ended.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>
    /// Whether a staged refit leaves its copies of the parameters, as memory alone, for the next one with this option: as much again as the weights, and no fresh memory for each
    /// refit. Those that post-load methods see are not among them. The next staged refit without it frees them, and so does the end of the model.
    /// </summary>
    public bool KeepShadows { get; init; }

    /// <summary>These options, where they do not contradict each other.</summary>
    /// <exception cref="ArgumentException">They do.</exception>
    internal LoadOptions Checked() => Mode == LoadMode.Map && Access == CheckpointAccess.Read
        ? throw new ArgumentException($"{nameof(LoadMode)}.{nameof(LoadMode.Map)} makes parameters of the files themselves, and {nameof(CheckpointAccess)}.{nameof(CheckpointAccess.Read)} keeps away from mapped files: choose one of them.")
        : this;
}
