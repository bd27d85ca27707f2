using System.Collections.Immutable;
using Lanyard.Pretrained;
using static TorchSharp.torch;

namespace Lanyard;

/// <summary>What a checkpoint says of its model: a <c>config.json</c>, or the metadata of a GGUF file under the names that such a file has.</summary>
public sealed class PretrainedConfig
{
    internal PretrainedConfig(string source, string json) => (Source, Json) = (source, json);

    /// <summary>Reads a configuration by itself, to make a model without its weights.</summary>
    /// <param name="path">The <c>config.json</c>, or its folder.</param>
    /// <exception cref="CheckpointException">The file cannot be read, or is no configuration.</exception>
    public static PretrainedConfig Read(string path) => PretrainedFile.Read(path);

    /// <summary>The path of the file, for messages.</summary>
    public string Source { get; }

    /// <summary>The text, a JSON object.</summary>
    public string Json { get; }

    /// <summary>The family by its name in transformers: <c>qwen2</c>; null where the file does not say.</summary>
    public string? ModelType { get; internal init; }

    /// <summary>The classes by their names in transformers: <c>Qwen2ForCausalLM</c>; empty where the file does not say.</summary>
    public ImmutableArray<string> Architectures { get; internal init; } = [];

    /// <summary>The element type that the weights were trained or saved in; null where the file does not say.</summary>
    public ScalarType? Type { get; internal init; }
}
