using static TorchSharp.torch;

namespace Lanyard;

/// <summary>A loaded model of whatever family: it can be run, refitted, exported and described. It is a TorchSharp module.</summary>
public interface ICausalLM : IParameterModule, IDisposable
{
    /// <summary>Runs the model.</summary>
    /// <param name="inputIds">Tokens as int64, [batch sequence].</param>
    /// <returns>Logits, [batch sequence vocab].</returns>
    // TorchSharp's own name for it, so that every module of this kind has it.
    Tensor call(Tensor inputIds);
}
