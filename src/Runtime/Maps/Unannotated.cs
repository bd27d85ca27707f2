namespace Lanyard.Maps;

/// <summary>What the compiler says of a model whose class forgot the attribute, by overloads that are chosen only then: that it is no <see cref="IParameterModule"/> leads nowhere.</summary>
internal static class Unannotated
{
    public const string Message =
        "The class of this model has no [ParameterModule]: add the attribute, and \"partial\". A variable whose type is Module, of an annotated class, is cast: (IParameterModule)model.";
}
