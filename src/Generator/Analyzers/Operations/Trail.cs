using Microsoft.CodeAnalysis;

namespace Lanyard.Generator.Analyzers.Operations;

/// <summary>The methods whose bodies a question has led into, so that one that calls itself is read once.</summary>
internal sealed class Trail
{
    private readonly HashSet<ISymbol> _methods = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a method was left out because it is being read already: what is known of the others on the trail then is not all.</summary>
    public bool IsCut { get; private set; }

    /// <summary>How many bodies are being read, one in the other.</summary>
    public int Depth => _methods.Count;

    /// <summary>Whether a method is being read already: what another thread has found of it by then is not asked, or reports would depend on who was first.</summary>
    public bool IsReading(IMethodSymbol method)
    {
        IsCut |= _methods.Contains(method);
        return _methods.Contains(method);
    }

    /// <summary>Goes into a method; false where it is being read already.</summary>
    public bool Enter(IMethodSymbol method)
    {
        if (_methods.Add(method)) return true;
        IsCut = true;
        return false;
    }

    /// <summary>Comes out again.</summary>
    public void Leave(IMethodSymbol method)
    {
        _methods.Remove(method);
        if (Depth == 0) IsCut = false;
    }
}
