using static TorchSharp.torch;

namespace Lanyard;

/// <summary>A loaded model of whatever family: it can be run (<see cref="Logits"/>), refitted, exported and described. It is a TorchSharp module.</summary>
public interface ICausalLM : IParameterModule, IDisposable
{
    /// <summary>Runs the model. To be called within a reading where weights may change meanwhile.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>Logits, [batch sequence vocab].</returns>
    // TorchSharp's own name for it, so that every module of this kind has it.
    Tensor call(Tensor inputIds);

    /// <summary>Runs the model within a reading, without recording gradients: the pass is of one version of the weights, whatever a trainer does meanwhile.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>Logits, [batch sequence vocab].</returns>
    /// <inheritdoc cref="ReadingExtensions.Read(IParameterModule, long?, CancellationToken)" path="/exception"/>
    Tensor Logits(Tensor inputIds)
    {
        using var reading = this.Read();
        using var _ = no_grad();
        return call(inputIds);
    }
}
