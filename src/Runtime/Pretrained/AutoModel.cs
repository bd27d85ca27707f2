using Lanyard.Checkpoints;
using Lanyard.Pretrained;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Lanyard;

/// <summary>
/// Makes and loads the model that a checkpoint is of: its configuration says which family, what sizes and what type. The families are those that the
/// program references (<see cref="IModelFamily{TSelf}"/>).
/// </summary>
public static class AutoModel
{
    /// <summary>Makes and loads a model.</summary>
    /// <param name="directory">
    /// The folder of a checkpoint, with its <c>config.json</c>, or a folder in the cache layout of a hub; or one file of tensors, with a configuration beside it or, of
    /// GGUF, in its metadata.
    /// </param>
    /// <param name="options">Rank, type, device, and what the load may do.</param>
    /// <param name="cancellationToken">Ends the load; the model is disposed of then.</param>
    /// <returns>The model, loaded, for the caller to dispose: tokens as int64 [batch sequence] to logits [batch sequence vocab].</returns>
    /// <exception cref="CheckpointException">The checkpoint cannot be opened, has no configuration, or is of no family that the program knows, or of several.</exception>
    /// <exception cref="LoadException">Lists every tensor that is missing, unexpected, mis-shaped or mis-typed.</exception>
    /// <exception cref="ArgumentException">The topology does not divide an axis.</exception>
    /// <exception cref="Exception">The family refuses the configuration.</exception>
    public static ICausalLM FromPretrained(string directory, PretrainedOptions? options = null, CancellationToken cancellationToken = default) =>
        FromPretrained(directory, options, out _, cancellationToken);

    /// <inheritdoc cref="FromPretrained(string, PretrainedOptions?, CancellationToken)"/>
    /// <param name="directory">As for the other.</param>
    /// <param name="options">As for the other.</param>
    /// <param name="report">What was loaded, and what was left out or changed on the way.</param>
    /// <param name="cancellationToken">As for the other.</param>
    public static ICausalLM FromPretrained(string directory, PretrainedOptions? options, out LoadReport report, CancellationToken cancellationToken = default)
    {
        using var checkpoint = Checkpoint.Open(directory);
        var config = PretrainedFile.Read(checkpoint);
        return FamilyChoice.For(config).Load(checkpoint, config, options ?? new(), cancellationToken, out report);
    }

    /// <inheritdoc cref="FromPretrained(string, PretrainedOptions?, CancellationToken)"/>
    /// <summary>Makes and loads a model of one family, whatever the configuration calls it.</summary>
    /// <typeparam name="TModel">The family's root class.</typeparam>
    public static TModel FromPretrained<TModel>(string directory, PretrainedOptions? options = null, CancellationToken cancellationToken = default)
        where TModel : Module<Tensor, Tensor>, IModelFamily<TModel> =>
        FromPretrained<TModel>(directory, options, out _, cancellationToken);

    /// <inheritdoc cref="FromPretrained{TModel}(string, PretrainedOptions?, CancellationToken)"/>
    /// <param name="directory">As for the other.</param>
    /// <param name="options">As for the other.</param>
    /// <param name="report">What was loaded, and what was left out or changed on the way.</param>
    /// <param name="cancellationToken">As for the other.</param>
    public static TModel FromPretrained<TModel>(string directory, PretrainedOptions? options, out LoadReport report, CancellationToken cancellationToken = default)
        where TModel : Module<Tensor, Tensor>, IModelFamily<TModel>
    {
        using var checkpoint = Checkpoint.Open(directory);
        return PretrainedModel.Load<TModel>(checkpoint, PretrainedFile.Read(checkpoint), options ?? new(), cancellationToken, out report);
    }
}
