using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Lanyard.Tests.Authoring;

/// <summary>After a conversion the property, the registry and the entry still hold the same parameter, with its loader and its layout.</summary>
public sealed class ConversionTests
{
    public static TheoryData<string, ScalarType> Conversions => new()
    {
        { "to", ScalarType.BFloat16 },
        { "half", ScalarType.Float16 },
        { "double", ScalarType.Float64 },
        { "device", ScalarType.BFloat16 },
        { "twice", ScalarType.Float32 },
        { "nothing", ScalarType.Float32 },
    };

    [Theory]
    [MemberData(nameof(Conversions))]
    public void A_module_stays_of_one_piece(string how, ScalarType type)
    {
        using var module = new Projection();
        var entry = module.Parameters.W13Weight;
        Convert(module, how);
        Check(module, "", module, type);
        Assert.Same(entry, module.Parameters.W13Weight);
        Assert.Same(Projection.Map.W13Weight, entry.Entry);
        Assert.Equal("weight", entry.Entry.Sources[0].Name);
    }

    [Theory]
    [MemberData(nameof(Conversions))]
    public void So_do_children_under_a_parent_by_reflection(string how, ScalarType type)
    {
        using var parent = new Parent();
        Convert(parent, how);
        Check(parent, "_stack.first_one.", parent.Stack.FirstOne, type);
        Check(parent, "_stack.blocks.1.", parent.Stack.Blocks[1], type);
        Check(parent, "_stack.extra_2.", parent.Stack.Extra[2]!, type);
        Assert.Equal(type, parent.Stack.Plain.weight!.dtype);
    }

    [Fact]
    public void Values_survive()
    {
        using var module = new Projection();
        using (no_grad()) module.W13Weight.fill_(3);
        module.to(ScalarType.BFloat16);
        module.to(ScalarType.Float32);
        Assert.All(module.W13Weight.data<float>().ToArray(), value => Assert.Equal(3, value));
    }

    [Fact]
    public void What_one_post_load_made_stays_in_its_layout()
    {
        using var scene = new Models.TinyScene();
        scene.Load(scene.First);
        Assert.Equal(ParameterLayout.Kernel, scene.Experts.Parameters.W2Weight.Layout);
        scene.Model.to(ScalarType.BFloat16);
        Assert.Equal(ParameterLayout.Kernel, scene.Experts.Parameters.W2Weight.Layout);
        Assert.Equal("PadForKernel", scene.Experts.Parameters.W2Weight.MadeBy);
        Assert.Equal(ScalarType.BFloat16, scene.Experts.W2Weight.dtype);
        Assert.Equal(ScalarType.BFloat16, scene.Experts.Parameters.W2Weight.ModelType);
    }

    private static void Convert(torch.nn.Module module, string how)
    {
        switch (how)
        {
            case "to":
                module.to(ScalarType.BFloat16);
                break;
            case "half":
                module.half();
                break;
            case "double":
                module.@double();
                break;
            case "device":
                module.to(CPU, ScalarType.BFloat16);
                break;
            case "twice":
                module.half();
                module.@float();
                break;
            default:
                module.to(CPU);
                break;
        }
    }

    private static void Check(torch.nn.Module root, string prefix, Projection module, ScalarType type)
    {
        var registered = root.named_parameters().ToDictionary(item => prefix.Length == 0 || item.name.StartsWith(prefix, StringComparison.Ordinal) ? item.name[prefix.Length..] : "/" + item.name, item => item.parameter);
        Same(registered["w13_weight"], module.W13Weight, module.Parameters.W13Weight, type);
        Same(registered["bias"], module.Bias, module.Parameters.Bias, type);
        Same(registered["order"], module.ReadOrder(), module.Parameters.Order, ScalarType.Int32);
        Assert.Equal(type, registered["by_hand"].dtype);
        Assert.Equal(2, registered["by_hand"].numel());
        Assert.Equal(type, module.Cos.dtype);
        Assert.Equal(6, module.Cos.numel());
        Assert.Same(module.Sin, module.get_buffer("sin"));
        Assert.Equal(type, module.Sin.dtype);
        Assert.DoesNotContain("cos", module.state_dict().Keys);
    }

    private static void Same(Parameter registered, Parameter property, BoundParameter entry, ScalarType type)
    {
        Assert.Same(registered, property);
        Assert.Same(registered, entry.Value);
        Assert.Equal(type, property.dtype);
        Assert.Equal(type, entry.ModelType);
        Assert.Equal(ParameterLayout.Model, entry.Layout);
        Assert.Equal([.. entry.ModelShape], property.shape);
    }
}
