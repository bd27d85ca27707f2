using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Live;
using Lanyard.Maps;
using Lanyard.Memory;
using TorchSharp;
using TorchSharp.Modules;

namespace Lanyard.Updates;

/// <summary>Where the tensors of one parameter are written in an update: the live value, or a shadow in the model layout.</summary>
internal sealed class UpdateTarget
{
    private ParameterFormat? _format;
    private long _written;
    private volatile bool _decoded;
    private bool _absent;

    private UpdateTarget(ModelParameter parameter, Parameter value, TensorForm? form, bool isShadow)
    {
        (Parameter, Value, IsShadow) = (parameter, value, isShadow);
        Form = form ?? TensorForm.Of(Value);

        // Copies to it would be done without an error, and without an effect.
        if (Form.IsMeta) throw new ModelStateException($"{parameter.Bound} ({parameter.Name}) is on the meta device, which keeps no values: make the model on the device that it runs on.");
    }

    /// <summary>The live value of a parameter.</summary>
    public static UpdateTarget Live(ModelParameter parameter)
    {
        LiveForms.Check(parameter);
        var bound = parameter.Bound;
        if (bound.HasForeignPadding) Clear(bound);
        return new UpdateTarget(parameter, bound.Held, bound.Form, isShadow: false);
    }

    /// <summary>Another value of a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="isKept">Whether its memory is that of the shadow before, and for the next.</param>
    public static UpdateTarget Shadow(ModelParameter parameter, bool isKept)
    {
        var bound = parameter.Bound;
        using var noGrad = torch.no_grad();
        var value = new OwnedParameter((isKept ? (bound.Shadows ??= new ShadowMemory()).Take(bound) : ShadowMemory.Fresh(bound)).DetachFromDisposeScope(), bound);
        return new UpdateTarget(parameter, value, null, isShadow: true);
    }

    public ModelParameter Parameter { get; }

    public Parameter Value { get; }

    /// <summary>The type of the value.</summary>
    public torch.ScalarType Type => Form.Type;

    /// <summary>The bytes of an element.</summary>
    public long ElementSize => Form.ElementSize;

    /// <summary>Where the value lies in the memory of this process; zero if it does not.</summary>
    public nint Address => Form.Reach;

    /// <summary>How the value lies in memory.</summary>
    public TensorForm Form { get; }

    /// <summary>Whether the value is another one than the live one: empty, but for padding, which is zero.</summary>
    public bool IsShadow { get; }

    /// <summary>The format that was written; null where nothing was.</summary>
    public ParameterFormat? Format => _format;

    /// <summary>Whether every element was written.</summary>
    public bool IsWhole => _absent || _format?.Elements == Interlocked.Read(ref _written);

    /// <summary>Whether elements of the value, as it will be, were decoded from blocks of a file.</summary>
    public bool IsDecoded => _decoded || (!IsWhole && Parameter.Bound.IsDecoded);

    /// <summary>Whether a tensor lies where the value lies: written in another order, it would change while it is read.</summary>
    /// <param name="address">Where the tensor begins in the memory of this process, or zero.</param>
    /// <param name="bytes">The bytes that it takes.</param>
    public bool Overlaps(nint address, long bytes) => Address != 0 && address < Address + Form.Bytes && Address < address + bytes;

    /// <summary>Compares the value with the books once more: between two of its tensors the caller may have done anything.</summary>
    /// <exception cref="ModelStateException">It lies elsewhere.</exception>
    public void Check()
    {
        if (!IsShadow) LiveForms.Check(Parameter);
    }

    /// <summary>Enters that the slots of a use were written. Elements come once and in one format; the books see to it.</summary>
    /// <param name="use">The use.</param>
    /// <param name="decoded">Whether they were decoded from blocks.</param>
    public void Enter(TensorUse use, bool decoded)
    {
        if (decoded) _decoded = true;
        Interlocked.CompareExchange(ref _format, use.Format, null);
        Interlocked.Add(ref _written, use.Elements);
    }

    /// <summary>Copies from the live value what did not come.</summary>
    /// <param name="format">The format that the parameter came in; null where nothing of it did.</param>
    /// <param name="came">Whether a tensor came whole.</param>
    public void Fill(ParameterFormat? format, Predicate<ModelTensor> came)
    {
        if (!IsShadow || IsWhole || Parameter.Bound.IsTransformed) return;
        LiveForms.Check(Parameter);
        foreach (var use in (format ?? Parameter.Formats[0]).Uses.Where(use => !came(use.Tensor)))
        {
            foreach (var slot in use.Slots) SlotCopy.Move(Parameter.Bound.Held, Value, slot);
        }
    }

    /// <summary>Writes the value that is declared for a parameter of which no tensor is there.</summary>
    public void FillAbsent()
    {
        _absent = true;
        foreach (var slot in Parameter.Formats[0].Uses.SelectMany(use => use.Slots)) ConstantValue.Write(Value, new ConstantSlot(Parameter.Bound.Entry.Absent!.Value, slot));
    }

    /// <summary>Writes what nothing stored fills.</summary>
    public void FillConstants()
    {
        foreach (var constant in (_format ?? Parameter.Formats[0]).Constants) ConstantValue.Write(Value, constant);
    }

    /// <summary>Makes padding zero, as that of values that are made here. The first load of a module writes all else.</summary>
    private static void Clear(BoundParameter bound)
    {
        // In inference mode a value may be changed that was made in it, and any other, too.
        using var anyMode = torch.inference_mode();
        bound.Held.zero_().Dispose();
        bound.IsForeign = false;
    }
}
