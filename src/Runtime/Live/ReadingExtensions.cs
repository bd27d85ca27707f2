using System.Runtime.CompilerServices;
using TorchSharp;

namespace Lanyard;

/// <summary>Running a model whose weights may change meanwhile.</summary>
public static class ReadingExtensions
{
    /// <summary>
    /// Keeps the values of a model as they are until the result is disposed: a commit, other places of experts and <c>to()</c> wait for it. Cheap; for one pass, or for
    /// a whole answer. Of a part of a model it keeps that part.
    /// </summary>
    /// <remarks>
    /// Waits where a commit moves values or waits itself; not within another reading of the same flow of control. A pass outside of a reading is not kept from being of
    /// two versions.
    /// </remarks>
    /// <param name="model">The model.</param>
    /// <param name="generation">The <see cref="ParameterSet.Generation"/> that values must be of, as in each pass of an answer after its first; null for any.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The reading, to be disposed, from whatever thread.</returns>
    /// <exception cref="StaleGenerationException">The model is of another generation.</exception>
    /// <exception cref="ModelStateException">The model is torn, incomplete, or in the middle of a refit in place.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public static ModelReading Read(this IParameterModule model, long? generation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelReading([model.Parameters], generation, cancellationToken);
    }

    /// <inheritdoc cref="Read(IParameterModule, long?, CancellationToken)"/>
    /// <summary>The same of a module that has no map itself, as a <c>Sequential</c>, but modules with maps below it. Its generation is the sum of theirs.</summary>
    [OverloadResolutionPriority(-1)]
    public static ModelReading Read(this torch.nn.Module model, long? generation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelReading(ModelReading.Roots(model), generation, cancellationToken);
    }

    /// <summary>Calls a module within a reading: the pass is of one version of the weights, whatever a trainer does meanwhile.</summary>
    /// <returns>What <c>forward</c> returns.</returns>
    /// <inheritdoc cref="Read(IParameterModule, long?, CancellationToken)" path="/exception"/>
    public static TResult Run<T, TResult>(this torch.nn.Module<T, TResult> model, T input)
    {
        using var reading = Read(model);
        return model.call(input);
    }

    /// <inheritdoc cref="Run{T, TResult}(torch.nn.Module{T, TResult}, T)"/>
    public static TResult Run<T1, T2, TResult>(this torch.nn.Module<T1, T2, TResult> model, T1 input1, T2 input2)
    {
        using var reading = Read(model);
        return model.call(input1, input2);
    }

    /// <inheritdoc cref="Run{T, TResult}(torch.nn.Module{T, TResult}, T)"/>
    public static TResult Run<T1, T2, T3, TResult>(this torch.nn.Module<T1, T2, T3, TResult> model, T1 input1, T2 input2, T3 input3)
    {
        using var reading = Read(model);
        return model.call(input1, input2, input3);
    }

    /// <inheritdoc cref="Run{T, TResult}(torch.nn.Module{T, TResult}, T)"/>
    public static TResult Run<T1, T2, T3, T4, TResult>(this torch.nn.Module<T1, T2, T3, T4, TResult> model, T1 input1, T2 input2, T3 input3, T4 input4)
    {
        using var reading = Read(model);
        return model.call(input1, input2, input3, input4);
    }

    /// <inheritdoc cref="Run{T, TResult}(torch.nn.Module{T, TResult}, T)"/>
    public static TResult Run<T1, T2, T3, T4, T5, TResult>(this torch.nn.Module<T1, T2, T3, T4, T5, TResult> model, T1 input1, T2 input2, T3 input3, T4 input4, T5 input5)
    {
        using var reading = Read(model);
        return model.call(input1, input2, input3, input4, input5);
    }

    /// <inheritdoc cref="Run{T, TResult}(torch.nn.Module{T, TResult}, T)"/>
    public static TResult Run<T1, T2, T3, T4, T5, T6, TResult>(this torch.nn.Module<T1, T2, T3, T4, T5, T6, TResult> model, T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6)
    {
        using var reading = Read(model);
        return model.call(input1, input2, input3, input4, input5, input6);
    }
}
