using System.Collections.Immutable;

namespace Lanyard.Checkpoints;

/// <summary>What a file beside a checkpoint says of how values are quantised: of all that it has, what tensors do not tell.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Blocks">The sizes of blocks, of all layers that it speaks of.</param>
/// <param name="Fields">The fields with a single value, as text.</param>
internal sealed record QuantisationConfig(string File, ImmutableArray<QuantisedBlocks> Blocks, ImmutableDictionary<string, string> Fields)
{
    // Far above those of models.
    private const long MaxBytes = 10_000_000;

    private const string MetadataPrefix = "gptq_";

    private static readonly string[] Names = ["config.json", "hf_quant_config.json", "quantize_config.json", "quant_config.json"];

    /// <summary>Whether a folder has any such file.</summary>
    public static bool IsIn(string folder) => Names.Any(name => System.IO.File.Exists(Path.Combine(folder, name)));

    /// <summary>What the files of a folder say; those that say nothing are left out.</summary>
    /// <exception cref="CheckpointException">A file cannot be read or is not JSON.</exception>
    public static ImmutableArray<QuantisationConfig> In(string folder) =>
    [
        .. from name in Names
           let path = Path.Combine(folder, name)
           where System.IO.File.Exists(path)
           let config = QuantisationReader.Read(path, name, Bytes(path))
           where config.Blocks.Length > 0 || config.Fields.Count > 0
           select config,
    ];

    /// <summary>What a file of tensors says itself, as AutoGPTQ writes it; null where it says nothing.</summary>
    public static QuantisationConfig? Of(string file, IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue(MetadataPrefix + "group_size", out string? text) && long.TryParse(text, out long size)
            ? new QuantisationConfig(
                $"the metadata of {file}",
                [new QuantisedBlocks($"{MetadataPrefix}group_size {size}", [Math.Max(size, 0)], metadata.TryGetValue(MetadataPrefix + "bits", out string? bits) && long.TryParse(bits, out long count) ? count : null)],
                ImmutableDictionary<string, string>.Empty)
            : null;

    private static byte[] Bytes(string path)
    {
        try
        {
            using FileStream stream = System.IO.File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw new CheckpointException(path, $"it has {stream.Length} bytes, more than the {MaxBytes} that are read of a configuration.");
            }

            byte[] json = new byte[stream.Length];
            stream.ReadExactly(json);
            return json;
        }
        catch (Exception e) when (CheckpointFile.IsInputOutput(e))
        {
            throw new CheckpointException(path, e.Message, e);
        }
    }
}
