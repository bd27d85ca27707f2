using System.Runtime.InteropServices;
using System.Text;
using Lanyard.Copies;
using Lanyard.Index;
using Lanyard.Memory;
using TorchSharp.Modules;

namespace Lanyard.Live;

/// <summary>
/// Compares the tensors of parameters with the books, before anything is read or written at the address that the books have: whoever
/// holds a parameter object can give it other memory, and a copy to the old address would end the process or change a stranger's values.
/// </summary>
internal static class LiveForms
{
    private const int Piece = 256;

    /// <summary>Compares all parameters of a model.</summary>
    /// <exception cref="ModelStateException">Lists those that lie otherwise in memory than the books say.</exception>
    public static void Check(ModelIndex index)
    {
        // By all processors: of each parameter it waits for memory that nobody has looked at since the last session.
        var (all, pieces) = (index.Parameters, (index.Parameters.Length + Piece - 1) / Piece);
        var wrong = 0;
        Workers.Run(pieces, piece =>
        {
            var parameters = all.AsSpan()[(piece * Piece)..Math.Min(all.Length, (piece + 1) * Piece)];
            Fetch(parameters);
            if (!AreWhereTheyWerePut(parameters)) Interlocked.Increment(ref wrong);
        });
        if (wrong > 0) throw Changed(all);
    }

    /// <summary>Has the processor fetch what comparisons of modules will read.</summary>
    public static void Fetch(ReadOnlySpan<ModelModule> modules)
    {
        foreach (var module in modules) Fetch(CollectionsMarshal.AsSpan(module.Parameters));
    }

    /// <summary>Whether the parameters of one module lie as the books say.</summary>
    public static bool Hold(ModelModule module) => AreWhereTheyWerePut(CollectionsMarshal.AsSpan(module.Parameters));

    /// <inheritdoc cref="Check(ModelIndex)"/>
    /// <summary>Compares the parameters of one module.</summary>
    public static void Check(ModelModule module) => Check(CollectionsMarshal.AsSpan(module.Parameters));

    /// <inheritdoc cref="Check(ModelIndex)"/>
    /// <summary>Compares one parameter.</summary>
    public static void Check(ModelParameter parameter) => Check([parameter]);

    /// <summary>Compares what was put aside of a parameter.</summary>
    /// <exception cref="ModelStateException">It lies otherwise in memory than the books say.</exception>
    public static void Check(ModelModule module, BoundParameter bound, TensorForm form, Parameter value)
    {
        if (!form.IsOf(value)) throw Changed([(module.Prefix + bound.Entry.Name, bound, value)], form);
    }

    private static void Check(ReadOnlySpan<ModelParameter> parameters)
    {
        if (!AreWhereTheyWerePut(parameters)) throw Changed(parameters.ToArray());
    }

    private static bool AreWhereTheyWerePut(ReadOnlySpan<ModelParameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (!parameter.Bound.IsWhereItWasPut) return false;
        }
        return true;
    }

    private static void Fetch(ReadOnlySpan<ModelParameter> parameters) => TensorHeaders.Fetch(parameters, static parameter => parameter.Bound.Handle);

    private static ModelStateException Changed(IEnumerable<ModelParameter> parameters) =>
        Changed(parameters.Where(parameter => !parameter.Bound.IsWhereItWasPut).Select(parameter => (parameter.Name, parameter.Bound, parameter.Bound.Held)));

    private static ModelStateException Changed(IEnumerable<(string Name, BoundParameter Bound, Parameter Value)> parameters, TensorForm? form = null)
    {
        var text = new StringBuilder("Parameters lie elsewhere in memory, or otherwise, than the model has put them: somebody has changed their tensors behind the properties, with set_ or the like. Nothing was written to them, and nothing can be any more: make the model anew.");
        foreach (var alike in parameters.GroupBy(parameter => (Shape: NameFolding.Shape(parameter.Name), Change: Change(form ?? parameter.Bound.Form!, parameter.Value))))
        {
            foreach (var name in NameFolding.Shown(alike.Select(parameter => parameter.Name))) text.Append("\n  ").Append(name).Append(": ").Append(alike.Key.Change);
        }
        return new ModelStateException(text.ToString());
    }

    private static string Change(TensorForm form, Parameter value)
    {
        if (value.IsInvalid) return $"{form} was disposed, or moved into another tensor";
        var now = TensorForm.Of(value);
        return $"{now}" == $"{form}" ? $"{form} has other memory" : $"{form} is {now} now";
    }
}
